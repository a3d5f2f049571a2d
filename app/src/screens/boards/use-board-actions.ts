/** Does what a tile's menu asks for, and says how it went, with a way back where there is one. */

import { useState } from "react";
import { toast } from "../../components";
import { open } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import { useArchiveBoard, useDeleteBoard, useRestoreBoard } from "../../state/board-list";
import { countOnlyHere } from "../../state/open-boards";
import type { ListedBoard } from "../../state/queries";
import type { Mode } from "../../sync";
import { useTexts } from "../../utilities/texts";
import { errorText } from "../../utilities/texts/errors";
import type { BoardAction } from "./board-tile";

export interface BoardActions {
  readonly act: (action: BoardAction, board: ListedBoard) => void;
  /** The board whose name is being changed. */
  readonly renaming: ListedBoard | null;
  /** The board about whose deletion the user is being asked. */
  readonly deleting: ListedBoard | null;
  readonly confirmDeletion: () => void;
  readonly close: () => void;
}

export function useBoardActions(mode: Mode): BoardActions {
  const texts = useTexts();
  const { boards, kit } = texts;
  const archive = useArchiveBoard();
  const remove = useDeleteBoard(mode);
  const restore = useRestoreBoard();
  const [asked, setAsked] = useState<{
    readonly action: "rename" | "delete";
    readonly board: ListedBoard;
  } | null>(null);

  const onError = (error: unknown) => toast(errorText(error, texts), { tone: "danger" });
  const undoWith = (onPress: () => void) => ({ action: { label: kit.undo, onPress } });

  const setArchived = ({ id, name }: ListedBoard, archived: boolean) => {
    const text = archived ? boards.archivedDone(name) : boards.unarchivedDone(name);
    const back = () => archive.mutate({ id, archived: !archived }, { onError });
    archive.mutate({ id, archived }, { onError, onSuccess: () => toast(text, undoWith(back)) });
  };
  const bringBack = ({ id, name }: ListedBoard) =>
    restore.mutate(id, { onError, onSuccess: () => toast(boards.restoredDone(name)) });
  const putIntoTrash = (board: ListedBoard) =>
    remove.mutate(board.id, {
      onError,
      onSuccess: () =>
        toast(
          boards.deletedDone(board.name),
          undoWith(() => bringBack(board)),
        ),
    });

  /** What cannot be undone is asked before; what can is done and offered back. */
  const askAboutDeletion = async (board: ListedBoard) => {
    const comesBack = mode === "teams" && (await countOnlyHere({ mode, id: board.id })) === 0;
    if (comesBack) putIntoTrash(board);
    else setAsked({ action: "delete", board });
  };

  const act = (action: BoardAction, board: ListedBoard) => {
    switch (action) {
      case "rename":
        setAsked({ action, board });
        break;
      case "delete":
        void askAboutDeletion(board);
        break;
      case "members":
        open(paths.members(board.id));
        break;
      case "archive":
      case "unarchive":
        setArchived(board, action === "archive");
        break;
      case "restore":
        bringBack(board);
    }
  };
  const confirmDeletion = () => {
    if (asked === null) return;
    const { id, name } = asked.board;
    if (mode === "teams") putIntoTrash(asked.board);
    else remove.mutate(id, { onError, onSuccess: () => toast(boards.goneDone(name)) });
    setAsked(null);
  };
  return {
    act,
    renaming: asked?.action === "rename" ? asked.board : null,
    deleting: asked?.action === "delete" ? asked.board : null,
    confirmDeletion,
    close: () => setAsked(null),
  };
}
