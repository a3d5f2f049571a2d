/** What of ours the server never took, in one list: for boards that are gone and will not take it. */

import type { OpenBoard } from "../open-board";
import { type Command, type Values, valuesIn } from "./commands";
import type { Trouble } from "../types";

/** A change that was never sent, or could not be. */
export interface UnsentChange {
  readonly id: string;
  /** `null`: it was in trouble already; its values say what it was. */
  readonly kind: Command["kind"] | null;
  /** The task's (or board's) name when it was made. */
  readonly subject: string;
  /** What was written, by field. */
  readonly values: Values;
}

/** Oldest first; troubles before what still waits. */
export function unsentChanges(board: Pick<OpenBoard, "queued" | "troubles">): UnsentChange[] {
  return [
    ...board.troubles().map((trouble) => ({
      id: trouble.id,
      kind: null,
      subject: trouble.subject,
      values: valuesOfTrouble(trouble),
    })),
    ...board.queued().map((command) => ({
      id: command.id,
      kind: command.kind,
      subject: command.subject,
      values: valuesIn(command),
    })),
  ];
}

function valuesOfTrouble({ kind }: Trouble): Values {
  return kind.kind === "conflict"
    ? Object.fromEntries(kind.fields.map(({ field, mine }) => [field, mine]))
    : kind.mine;
}
