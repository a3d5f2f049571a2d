/** Saves a board as a file: the board document of the API, without its history. */

import { useCallback } from "react";
import { Platform, Share } from "react-native";
import { toast } from "../../components";
import type { OpenBoard } from "../../state/board-session.interface";
import { IMPORT_LIMIT, sizeOf } from "../../state/import-file";
import { boards, quickWin } from "../../utilities/request";
import { useTexts } from "../../utilities/texts";

export function useExport(board: OpenBoard): () => void {
  const texts = useTexts().board;
  return useCallback(() => {
    const { mode, id } = board.address;
    const document = mode === "teams" ? boards.export(id) : quickWin.read(id, { events: 0 });
    document
      .then(async (content) => {
        await save(`${board.head()?.name ?? id}.json`, JSON.stringify(content));
        if (sizeOf(content) > IMPORT_LIMIT) toast(texts.exportLarge, { tone: "warning" });
        else toast(texts.exportDone);
      })
      .catch(() => toast(texts.exportFailed, { tone: "danger" }));
  }, [board, texts]);
}

/** On the web a download; on phones what the device offers for texts. */
async function save(name: string, content: string): Promise<void> {
  if (Platform.OS !== "web") {
    await Share.share({ title: name, message: content });
    return;
  }
  const link = document.createElement("a");
  const url = URL.createObjectURL(new Blob([content], { type: "application/json" }));
  link.href = url;
  link.download = name.replace(/[\\/:*?"<>|]+/g, "_");
  link.click();
  URL.revokeObjectURL(url);
}
