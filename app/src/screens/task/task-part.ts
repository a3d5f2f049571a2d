/** What each part of a task is given. */

import type { OpenBoard } from "../../sync/open-board";
import type { BoardTask } from "../../sync/types";

export interface TaskPartProps {
  readonly board: OpenBoard;
  readonly task: BoardTask;
  readonly mayEdit: boolean;
}
