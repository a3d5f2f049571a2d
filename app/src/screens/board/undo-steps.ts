/** One step back or forth after the other, however quickly they are asked for. */

import { undoesOf, wayBack } from "../../components/board/undo-events";
import type { OpenBoard } from "../../state/board-session.interface";

/** How long the event of a step is waited for before the next one, in milliseconds. */
const ARRIVAL = 2_000;

/** `refused`: it would be refused again. `unanswered`: perhaps not. */
export type UndoOutcome = "done" | "refused" | "unanswered";

export class UndoSteps {
  private readonly tried = new Set<number>();
  private line: Promise<void> = Promise.resolve();

  /** @param me whose events are taken back */
  constructor(
    private readonly board: OpenBoard,
    private readonly me: string | null,
  ) {}

  /**
   * @param undo takes back an event
   * @param nothing told where there is none
   */
  take(
    key: "undo" | "redo",
    undo: (seq: number) => Promise<UndoOutcome>,
    nothing: () => void,
  ): Promise<void> {
    const step = async () => {
      const seq = await this.find(key);
      if (seq === null) {
        nothing();
        return;
      }
      const outcome = await undo(seq);
      if (outcome !== "unanswered") this.tried.add(seq);
      if (outcome === "done") await this.arrived(seq);
    };
    this.line = this.line.then(step, step);
    return this.line;
  }

  /** Looks further back as long as there is nothing, and more. */
  private async find(key: "undo" | "redo"): Promise<number | null> {
    for (;;) {
      const { [key]: seq } = wayBack(this.board.activity(), this.me, this.tried);
      // What can be done again was taken back lately.
      if (seq !== null || key === "redo" || !(await this.board.readOlder())) {
        return seq;
      }
    }
  }

  /** Waits for the event that took `seq` back: what comes next is decided by it. */
  private arrived(seq: number): Promise<void> {
    const isHere = () => this.board.activity().some((event) => undoesOf(event) === seq);
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        unsubscribe();
        resolve();
      };
      const timer = setTimeout(end, ARRIVAL);
      const unsubscribe = this.board.subscribe(() => {
        if (isHere()) end();
      });
      if (isHere()) end();
    });
  }
}
