/** Why the server refused a change, with the names that people know. */

import type { OpenBoard } from "../../sync/open-board";
import type { Trouble } from "../../sync/types";
import type { Catalogue } from "../../utilities/texts";

export const WIP_LIMIT = "/problems/wip-limit";

/** The words for a refusal; null for a trouble that is none. */
export function refusalWords(
  trouble: Trouble,
  board: Pick<OpenBoard, "head">,
  texts: Catalogue["board"],
): string | null {
  const { kind, subject } = trouble;
  if (kind.kind !== "refused") {
    return null;
  }
  const column = board.head()?.columns.find(({ key }) => key === kind.mine["status"]);
  if (kind.type === WIP_LIMIT && column && column.wip_limit !== null) {
    return texts.wipRefused(subject, column.name, column.wip_limit);
  }
  return kind.message;
}
