/**
 * Saves a board as a file: the board document of the API, without its history. It has what the server
 * has: it says which of our changes are missing.
 */

import { useCallback } from "react";
import { toast } from "../components";
import type { OpenBoard } from "../sync";
import { IMPORT_LIMIT, sizeOf } from "../state/import-file";
import { useReading } from "../state/hooks";
import { saveFile } from "../utilities/files";
import { boards, quickWin } from "../utilities/request";
import { useTexts } from "../utilities/texts";

/** Long enough to read what is missing, in milliseconds. */
const LASTS = 10_000;

/** How many changes of ours the server does not have: what waits, and what needs a decision first. */
export interface Unsent {
  readonly waiting: number;
  readonly undecided: number;
}

const countOf = (board: OpenBoard) => board.waiting() + board.troubles().length;

export function useUnsent(board: OpenBoard): Unsent {
  const waiting = useReading(board, () => board.waiting());
  const undecided = useReading(board, () => board.troubles().length);
  return { waiting, undecided };
}

/** @param ask called instead where changes would be missing; without it the file is saved anyway */
export function useExport(board: OpenBoard, ask?: () => void): () => void {
  const texts = useTexts().board;
  return useCallback(() => {
    const { mode, id } = board.address;
    const before = countOf(board);
    if (before > 0 && ask !== undefined) {
      ask();
      return;
    }
    const document = mode === "teams" ? boards.export(id) : quickWin.read(id, { events: 0 });
    document
      .then(async (content) => {
        await saveFile(
          `${board.head()?.name ?? id}.json`,
          JSON.stringify(content),
          "application/json",
        );
        // What was answered meanwhile may have come too late for the file.
        const missing = Math.max(before, countOf(board));
        if (missing > 0) toast(texts.exportLacks(missing), { tone: "warning", lasts: LASTS });
        if (sizeOf(content) > IMPORT_LIMIT) toast(texts.exportLarge, { tone: "warning" });
        else if (missing === 0) toast(texts.exportDone);
      })
      .catch(() => toast(texts.exportFailed, { tone: "danger" }));
  }, [board, ask, texts]);
}
