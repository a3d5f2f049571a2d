/** Tells of a move that the server refused as soon as it did: which column, and its limit. */

import { useEffect, useRef } from "react";
import { toast } from "../../components";
import type { OpenBoard } from "../../state/board-session.interface";
import { useTroubles } from "../../state/hooks";
import type { Trouble } from "../../state/types";
import { useTexts, type Catalogue } from "../../utilities/texts";
import { dismissChange } from "./change-toast";

/** Long enough to read why, in milliseconds. */
const LASTS = 10_000;

const WIP_LIMIT = "/problems/wip-limit";

/** The words for a refusal; null for a trouble that is none. */
export function refusalWords(
  trouble: Trouble,
  board: Pick<OpenBoard, "head">,
  texts: Catalogue["board"],
): string | null {
  const { kind, subject } = trouble;
  if (kind.kind !== "refused") {
    return null;
  }
  const column = board.head()?.columns.find(({ key }) => key === kind.mine["status"]);
  if (kind.type === WIP_LIMIT && column && column.wip_limit !== null) {
    return texts.wipRefused(subject, column.name, column.wip_limit);
  }
  return kind.message;
}

export function useTroubleToasts(board: OpenBoard): void {
  const texts = useTexts().board;
  const troubles = useTroubles(board);
  const told = useRef<ReadonlySet<string> | null>(null);
  useEffect(() => {
    const before = told.current;
    told.current = new Set(troubles.map(({ id }) => id));
    // Those that were there when the board was opened are in the banner already.
    for (const trouble of before === null ? [] : troubles) {
      const words = before?.has(trouble.id) === false ? refusalWords(trouble, board, texts) : null;
      if (words !== null) {
        dismissChange();
        toast(words, { tone: "warning", lasts: LASTS });
      }
    }
  }, [troubles, board, texts]);
}
