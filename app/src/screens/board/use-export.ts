/** Saves a board as a file: the board document of the API, without its history. */

import { useCallback } from "react";
import { toast } from "../../components";
import type { OpenBoard } from "../../state/board-session.interface";
import { IMPORT_LIMIT, sizeOf } from "../../state/import-file";
import { saveFile } from "../../utilities/files";
import { boards, quickWin } from "../../utilities/request";
import { useTexts } from "../../utilities/texts";

export function useExport(board: OpenBoard): () => void {
  const texts = useTexts().board;
  return useCallback(() => {
    const { mode, id } = board.address;
    const document = mode === "teams" ? boards.export(id) : quickWin.read(id, { events: 0 });
    document
      .then(async (content) => {
        await saveFile(
          `${board.head()?.name ?? id}.json`,
          JSON.stringify(content),
          "application/json",
        );
        if (sizeOf(content) > IMPORT_LIMIT) toast(texts.exportLarge, { tone: "warning" });
        else toast(texts.exportDone);
      })
      .catch(() => toast(texts.exportFailed, { tone: "danger" }));
  }, [board, texts]);
}
