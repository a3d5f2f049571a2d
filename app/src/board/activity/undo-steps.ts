/** One step back or forth after the other, however quickly they are asked for. */

import { undoesOf, wayBack } from "./undo-events";
import type { OpenBoard } from "../../sync";

/** How long an own event is waited for before the next step, in milliseconds. */
const ARRIVAL = 2_000;

/** `refused`: it would be refused again. `unanswered`: perhaps not. */
export type UndoOutcome = "done" | "refused" | "unanswered";

export class UndoSteps {
  private readonly tried = new Set<number>();
  private line: Promise<void> = Promise.resolve();

  /** @param me whose events are undone */
  constructor(
    private readonly board: OpenBoard,
    private readonly me: string | null,
  ) {}

  /**
   * @param undo undoes an event
   * @param nothing called if there is none, or if the last change is not known yet
   */
  take(
    key: "undo" | "redo",
    undo: (seq: number) => Promise<UndoOutcome>,
    nothing: () => void,
  ): Promise<void> {
    const step = async () => {
      const seq = (await this.isCaughtUp()) ? await this.find(key) : null;
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
      // What can be redone was undone lately.
      if (seq !== null || key === "redo" || !(await this.board.readOlder())) {
        return seq;
      }
    }
  }

  /** What was done last may be answered, and its event still on its way. */
  private isCaughtUp(): Promise<boolean> {
    const { board } = this;
    return this.waitFor(() => (board.activity().at(-1)?.seq ?? 0) >= board.newestOwn());
  }

  /** Waits for the event that took `seq` back: what comes next is decided by it. */
  private arrived(seq: number): Promise<boolean> {
    return this.waitFor(() => this.board.activity().some((event) => undoesOf(event) === seq));
  }

  /** @returns whether it came in time */
  private waitFor(isHere: () => boolean): Promise<boolean> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        unsubscribe();
        resolve(isHere());
      };
      const timer = setTimeout(end, ARRIVAL);
      const unsubscribe = this.board.subscribe(() => {
        if (isHere()) end();
      });
      if (isHere()) end();
    });
  }
}
