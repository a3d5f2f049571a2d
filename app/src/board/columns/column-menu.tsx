/** What an owner can do with a column, for every way of using it: "Move left" stands for dragging. */

import { announce } from "../../components/announcer";
import { useTexts } from "../../utilities/texts";
import type { Column } from "../../sync";
import { Menu } from "../../components/menu";
import { useBoardParts } from "../board-context";

export function ColumnMenu({
  column,
  place,
  count,
  onRename,
  onLimit,
}: {
  readonly column: Column;
  /** From 0. */
  readonly place: number;
  readonly count: number;
  readonly onRename: () => void;
  readonly onLimit: () => void;
}) {
  const { columnChanges, offerUndo } = useBoardParts();
  const texts = useTexts().board;
  const { key, name, wip_limit: limit } = column;
  const move = (to: number) => {
    const ways = columnChanges.move(key, to);
    if (ways !== null) {
      announce(texts.columnAt(name, to + 1, count));
      offerUndo({ words: texts.columnMoved(name), ...ways });
    }
  };
  const remove = () => {
    const ways = columnChanges.remove(key);
    if (ways !== null) {
      offerUndo({ words: texts.columnDeleted(name), ...ways });
    }
  };
  return (
    <Menu
      label={texts.columnMenu(name)}
      items={[
        { key: "rename", label: texts.renameColumn, icon: "edit", onPress: onRename },
        {
          key: "limit",
          label: limit === null ? texts.setLimit : texts.changeLimit(limit),
          icon: "warning",
          onPress: onLimit,
        },
        {
          key: "left",
          label: texts.toTheLeft,
          icon: "left",
          disabled: place === 0,
          onPress: () => move(place - 1),
        },
        {
          key: "right",
          label: texts.toTheRight,
          icon: "right",
          disabled: place === count - 1,
          onPress: () => move(place + 1),
        },
        { key: "delete", label: texts.delete, icon: "trash", danger: true, onPress: remove },
      ]}
    />
  );
}
