/** The columns editor's rows: kept as a draft until they are saved or given up. */

import { useState } from "react";
import type { OpenBoard } from "../../sync";
import { useDraft } from "../../state/drafts";
import { useBoardColumns } from "../../state/hooks";
import { useTexts } from "../../utilities/texts";
import { announce } from "../../components/announcer";
import { columnsOf, MAX_COLUMNS, parseRows, rowsOf, type Row } from "./columns-draft";

export function useColumnRows(board: OpenBoard) {
  const texts = useTexts().board;
  const now = JSON.stringify(rowsOf(useBoardColumns(board)));
  const draft = useDraft({ address: board.address, task: null, field: "columns" }, now);
  const [fromBefore] = useState(draft.dirty);
  const [refusal, setRefusal] = useState<string | null>(null);
  const rows = parseRows(draft.value) ?? parseRows(now) ?? [];
  const setRows = (changed: readonly Row[]) => draft.set(JSON.stringify(changed));
  const refuse = (why: string) => {
    setRefusal(why);
    announce(why);
  };
  return {
    rows,
    setRows,
    /** Why the last row could not be added or removed. */
    refusal,
    /** The rows were typed when the editor was open before. */
    fromBefore,
    /** @returns the new row's id; null: there are as many as there may be */
    add: () => {
      if (rows.length >= MAX_COLUMNS) {
        refuse(texts.tooManyColumns(MAX_COLUMNS));
        return null;
      }
      const ids = new Set(rows.map(({ id }) => id));
      let next = 0;
      while (ids.has(`new ${next}`)) {
        next += 1;
      }
      const id = `new ${next}`;
      setRows([...rows, { key: null, id, name: texts.newColumn, limit: "" }]);
      return id;
    },
    remove: (row: Row) => {
      const count = row.key === null ? 0 : board.column(row.key).length;
      if (rows.length === 1) {
        refuse(texts.lastColumn);
      } else if (count > 0) {
        refuse(texts.columnInUse(row.name, count));
      } else {
        setRefusal(null);
        setRows(rows.filter((other) => other.id !== row.id));
      }
    },
    /** What others did to the columns since the draft was begun is a conflict, not overwritten. */
    save: () => {
      const head = board.head();
      const before = columnsOf(parseRows(draft.base) ?? []);
      draft.clear();
      if (head !== null && draft.dirty) {
        board.changeBoard({ columns: columnsOf(rows) }, { ...head, columns: before });
      }
    },
    discard: draft.clear,
  };
}
