/** What picking up, carrying and dropping a card means for the board, and what is said of it. */

import { announce } from "../../components/announcer";
import type { CardFocus } from "../card/card-focus";
import type { DragEvents, Held } from "./drag-controller";
import type { DropTarget } from "./hit-test";
import { type BoardTask, type OpenBoard, type Place, placeByNumber, type TaskId } from "../../sync";
import { toast } from "../../state/toasts";
import type { Catalogue } from "../../utilities/texts";

export interface DragContext {
  readonly board: OpenBoard;
  readonly focus: CardFocus;
  readonly texts: Catalogue["board"];
  readonly mayEdit: boolean;
  /** Moves a task, or says why not. @returns whether it did */
  readonly move: (id: TaskId, place: Place, begunIn: string) => boolean;
}

export function dragEvents({ board, focus, texts, mayEdit, move }: DragContext): DragEvents {
  const title = (id: TaskId) => board.task(id)?.title ?? "";
  const column = (key: string) => board.head()?.columns.find((each) => each.key === key);
  const name = (key: string) => column(key)?.name ?? key;
  const count = ({ id }: Held, { status }: DropTarget) => {
    const ids = board.column(status);
    return ids.includes(id) ? ids.length : ids.length + 1;
  };
  const isFull = (id: TaskId, status: string) => {
    const limit = column(status)?.wip_limit ?? null;
    const others = board.column(status);
    return limit !== null && !others.includes(id) && others.length >= limit;
  };
  let taken: BoardTask | undefined;
  /** Whether somebody moved the card to another column while it was held; said, as it was not seen. */
  const announceMoved = ({ id, from }: Held) => {
    const task = board.task(id);
    const isElsewhere = task !== undefined && task.status !== from.status;
    if (isElsewhere) {
      toast(texts.movedMeanwhile(task.title, name(task.status)), { tone: "warning" });
    }
    return isElsewhere;
  };
  return {
    mayLift: (id) => mayEdit && board.task(id) !== undefined,
    isFull,
    ownPlace: (id, others) =>
      board.address.mode === "quick-win" ? placeByNumber(others, id) : null,
    lifted: (held) => {
      taken = board.task(held.id);
      if (held.by === "keyboard") {
        const { status, index } = held.from;
        announce(texts.pickedUp(title(held.id), name(status), index + 1, count(held, held.from)));
      }
    },
    moved: (held) => {
      if (held.by === "keyboard") {
        const { status, index } = held.over;
        const limit = column(status)?.wip_limit ?? 0;
        announce(
          held.full
            ? texts.heldOverFull(name(status), board.column(status).length, limit)
            : texts.nowAt(name(status), index + 1, count(held, held.over)),
        );
      }
    },
    dropped: (held) => {
      const { from, over, id } = held;
      const isBack = from.status === over.status && from.before === over.before;
      const isGivenUp = isBack && announceMoved(held);
      const isThere = isBack && board.task(id)?.position === taken?.position;
      const place = { status: over.status, before: over.before };
      const done = !isGivenUp && (isThere || move(id, place, from.status));
      if (held.by === "keyboard") {
        if (done) {
          announce(texts.dropped(title(id), name(over.status), over.index + 1));
        }
        focus.focus(id);
      }
    },
    cancelled: (held, why) => {
      if (why === "gone") {
        // Read out by itself, and to be seen: the card is simply not there any more.
        toast(texts.goneMeanwhile, { tone: "warning" });
        return;
      }
      if (!announceMoved(held)) {
        announce(texts.cancelled(title(held.id)));
      }
      if (held.by === "keyboard") {
        focus.focus(held.id);
      }
    },
  };
}
