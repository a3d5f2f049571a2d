/** What each part of a task is given. */

import type { OpenBoard } from "../../state/board-session.interface";
import type { BoardTask } from "../../state/types";

export interface TaskPartProps {
  readonly board: OpenBoard;
  readonly task: BoardTask;
  readonly mayEdit: boolean;
}
