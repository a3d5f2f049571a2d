/** How what is being written to checklists is called among a task's drafts. */

import type { ListPart, OpenBoard } from "../../sync";

/** Before the name of a checklist whose title is changed. */
export const CHECKLIST = "checklist/";
/** Before that of an item whose text is changed. */
export const ITEM = "item/";
/** Before that of a checklist to which an item is added. */
export const ITEM_OF = "item-of/";

/** The same before and after the server has named it. */
export function nameOfPart(board: OpenBoard, of: ListPart, id: number): string {
  return String(board.firstPartOf(of, id));
}
