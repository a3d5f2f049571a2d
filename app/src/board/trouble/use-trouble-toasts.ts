/** Reports a move that the server refused as soon as it did: which column, and its limit. */

import { useEffect, useRef } from "react";
import { toast } from "../../components";
import { refusalWords } from "./refusal-words";
import type { OpenBoard } from "../../sync";
import { useTroubles } from "../../state/hooks";
import { useTexts } from "../../utilities/texts";
import { dismissChange } from "../activity/change-toast";

/** Long enough to read why, in milliseconds. */
const LASTS = 10_000;

export function useTroubleToasts(board: OpenBoard): void {
  const texts = useTexts();
  const troubles = useTroubles(board);
  const seen = useRef<ReadonlySet<string> | null>(null);
  useEffect(() => {
    const before = seen.current;
    seen.current = new Set(troubles.map(({ id }) => id));
    // Those that were there when the board was opened are in the banner already.
    for (const trouble of before === null ? [] : troubles) {
      if (before?.has(trouble.id) !== false) continue;
      // What its toast says of it is not so.
      dismissChange();
      const words = refusalWords(trouble, board, texts);
      if (words !== null) {
        toast(words, { tone: "warning", lasts: LASTS });
      }
    }
  }, [troubles, board, texts]);
}
