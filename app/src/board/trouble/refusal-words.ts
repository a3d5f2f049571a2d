/** Why a change was refused, in words, with the names that people know. */

import type { OpenBoard, Reason, Trouble } from "../../sync";
import type { Catalogue } from "../../utilities/texts";
import { refusalWords as serverWords } from "../../utilities/texts/errors";

export const WIP_LIMIT = "/problems/wip-limit";

/** The words for a refusal; null for a trouble that is none. */
export function refusalWords(
  trouble: Trouble,
  board: Pick<OpenBoard, "head">,
  texts: Pick<Catalogue, "board" | "engine">,
): string | null {
  const { kind, subject } = trouble;
  if (kind.kind !== "refused") {
    return null;
  }
  const column = board.head()?.columns.find(({ key }) => key === kind.mine["status"]);
  if (kind.type === WIP_LIMIT && column && column.wip_limit !== null) {
    return texts.board.wipRefused(subject, column.name, column.wip_limit);
  }
  return reasonWords(kind.type, kind.reason, texts.engine);
}

function reasonWords(type: string, reason: Reason, texts: Catalogue["engine"]): string {
  switch (reason.code) {
    case "server":
      return serverWords({ type, ...reason });
    case "keeps-failing":
      return texts.keepsFailing(serverWords({ type, ...reason }));
    case "changed-meanwhile":
      return texts.changedMeanwhile;
    case "comment-gone":
      return texts.commentGone;
    case "part-gone":
      return texts.partGone;
    case "task-gone":
      return texts.taskGone;
    case "board-anew":
      return texts.boardAnew;
    case "worded":
      return reason.words;
  }
}
