/** What an owner does to one column; what others do to the columns meanwhile is merged. */

import { useMemo } from "react";
import type { OpenBoard } from "../../../state/board-session.interface";
import { toast } from "../../../state/toasts";
import type { BoardHead, Column } from "../../../state/types";
import { useTexts, type Catalogue } from "../../../utilities/texts";
import { columnsOf, MAX_COLUMNS, rowsOf } from "../columns-draft";

/** A column put elsewhere. @param to its place afterwards, from 0 */
export function placed<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const rest = items.filter((_, index) => index !== from);
  return [...rest.slice(0, to), ...items.slice(from, from + 1), ...rest.slice(to)];
}

export class ColumnChanges {
  constructor(
    private readonly board: OpenBoard,
    private readonly texts: Catalogue["board"],
  ) {}

  /** @param begunOn the name when the change was begun */
  rename(key: string, name: string, begunOn: string): void {
    this.#each(key, { name }, { name: begunOn });
  }

  /** @param limit null for none */
  limit(key: string, limit: number | null): void {
    this.#each(key, { wip_limit: limit });
  }

  /** @returns the way back; null where it stands there already */
  move(key: string, to: number): (() => void) | null {
    const columns = this.#columns();
    const from = columns.findIndex((column) => column.key === key);
    if (from < 0 || from === to) {
      return null;
    }
    this.board.changeBoard({ columns: placed(columns, from, to) });
    return () => void this.move(key, from);
  }

  /** Adds one at the end. @returns whether it did; else it says why not */
  add(name: string): boolean {
    const columns = this.#columns();
    if (columns.length >= MAX_COLUMNS) {
      toast(this.texts.tooManyColumns(MAX_COLUMNS), { tone: "warning" });
      return false;
    }
    const row = { key: null, id: "new", name, limit: "" };
    this.board.changeBoard({ columns: columnsOf([...rowsOf(columns), row]) });
    return true;
  }

  /** Takes away one that has no tasks, or says why not. @returns the way back, where it did */
  remove(key: string): (() => void) | null {
    const columns = this.#columns();
    const from = columns.findIndex((column) => column.key === key);
    const column = columns[from];
    const count = this.board.column(key).length;
    if (column === undefined || columns.length === 1 || count > 0) {
      const { lastColumn, columnInUse } = this.texts;
      const why = count > 0 ? columnInUse(column?.name ?? key, count) : lastColumn;
      toast(why, { tone: "warning" });
      return null;
    }
    this.board.changeBoard({ columns: columns.filter((other) => other.key !== key) });
    return () => {
      const now = this.#columns();
      this.board.changeBoard({ columns: placed([...now, column], now.length, from) });
    };
  }

  #columns(): readonly Column[] {
    return this.board.head()?.columns ?? [];
  }

  #each(key: string, changes: Partial<Column>, before: Partial<Column> = {}): void {
    const head: BoardHead | null = this.board.head();
    const all = (values: Partial<Column>) =>
      this.#columns().map((column) => (column.key === key ? { ...column, ...values } : column));
    if (head !== null) {
      this.board.changeBoard({ columns: all(changes) }, { ...head, columns: all(before) });
    }
  }
}

export function useColumnChanges(board: OpenBoard): ColumnChanges {
  const texts = useTexts().board;
  return useMemo(() => new ColumnChanges(board, texts), [board, texts]);
}
