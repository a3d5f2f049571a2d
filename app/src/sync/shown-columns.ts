/**
 * The tasks of each column as they are shown, the same array until one of them or their order
 * changed, and which parts of the board changed since this was last asked.
 */

import type { BoardPart, Changed } from "./notices";
import type { BoardTask, TaskId } from "./types";

export class ShownColumns {
  private readonly lists = new Map<string, readonly BoardTask[]>();
  private readonly outdated = new Set<string>();
  private changed = new Set<BoardPart>();
  private everything = false;

  /** A task changed; `columns`: where it was and where it is. */
  touchTask(id: TaskId, ...columns: readonly (string | undefined)[]): void {
    this.changed.add(`task/${id}`);
    columns.forEach((key) => key !== undefined && this.touchColumn(key));
  }

  touchColumn(key: string): void {
    this.outdated.add(key);
    this.changed.add(`column/${key}`);
  }

  touchPresence(): void {
    this.changed.add("presence");
  }

  touchEverything(): void {
    this.everything = true;
    [...this.lists.keys()].forEach((key) => this.outdated.add(key));
  }

  /** What changed since this was last asked. */
  take(): Changed {
    const changed = this.everything ? "everything" : this.changed;
    this.everything = false;
    this.changed = new Set();
    return changed;
  }

  /** @param read builds the list again; called only if the column was touched */
  list(key: string, read: () => readonly BoardTask[]): readonly BoardTask[] {
    const known = this.lists.get(key);
    if (known !== undefined && !this.outdated.delete(key)) {
      return known;
    }
    const fresh = read();
    const kept = known !== undefined && sameTasks(known, fresh) ? known : fresh;
    this.lists.set(key, kept);
    return kept;
  }
}

function sameTasks(a: readonly BoardTask[], b: readonly BoardTask[]): boolean {
  return a.length === b.length && a.every((task, index) => task === b[index]);
}
