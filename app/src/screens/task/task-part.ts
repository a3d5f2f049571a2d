/** What each part of a task is given. */

import type { BoardTask, OpenBoard } from "../../sync";

export interface TaskPartProps {
  readonly board: OpenBoard;
  readonly task: BoardTask;
  readonly mayEdit: boolean;
}
