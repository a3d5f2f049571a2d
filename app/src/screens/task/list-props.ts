/** What a checklist and its items are given. */

import type { BoardChecklist } from "../../sync";
import type { FocusedItems } from "./focused-items";
import type { TaskPartProps } from "./task-part";

export interface ListProps extends TaskPartProps {
  readonly list: BoardChecklist;
  /** All of the task. */
  readonly lists: readonly BoardChecklist[];
  readonly items: FocusedItems;
}
