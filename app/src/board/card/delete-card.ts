/** Deletes a card without losing one's place: the card beside it has the focus then. */

import type { TaskId } from "../../sync";
import type { BoardParts } from "../board-context";
import { neighbour } from "./neighbour";

export function deleteCard(
  { drag, focus, commands }: Pick<BoardParts, "drag" | "focus" | "commands">,
  id: TaskId,
): void {
  const columns = drag.geometry();
  const next = neighbour(columns, id, "down") ?? neighbour(columns, id, "up");
  commands.delete(id);
  if (next !== null) {
    focus.focus(next);
  }
}
