/** What an owner does to one column; what others do to the columns meanwhile is merged. */

import { useMemo } from "react";
import { type BoardHead, type Column, type OpenBoard, same } from "../../sync";
import { toast } from "../../state/toasts";
import { useTexts, type Catalogue } from "../../utilities/texts";
import { columnsOf, MAX_COLUMNS, rowsOf } from "./columns-draft";
import { CannotUndo, type Ways } from "../activity/undo-change";

/** A column put elsewhere. @param to its place afterwards, from 0 */
export function placed<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const rest = items.filter((_, index) => index !== from);
  return [...rest.slice(0, to), ...items.slice(from, from + 1), ...rest.slice(to)];
}

/** Whether those that are in both are in the same order. */
function isSameOrder(before: readonly Column[], now: readonly Column[]): boolean {
  const common = (columns: readonly Column[], others: readonly Column[]) =>
    columns.map(({ key }) => key).filter((key) => others.some((other) => other.key === key));
  return same(common(before, now), common(now, before));
}

export class ColumnChanges {
  constructor(
    private readonly board: OpenBoard,
    private readonly texts: Catalogue["board"],
  ) {}

  /** @param begunOn the name when the change was begun */
  rename(key: string, name: string, begunOn: string): void {
    this.each(key, { name }, { name: begunOn });
  }

  /** @param limit null for none @param begunOn the limit when the change was begun */
  limit(key: string, limit: number | null, begunOn: number | null): void {
    this.each(key, { wip_limit: limit }, { wip_limit: begunOn });
  }

  /** @returns the ways back and forth; null where it is there already */
  move(key: string, to: number): Ways | null {
    const from = this.columns().findIndex((column) => column.key === key);
    if (from < 0 || from === to) {
      return null;
    }
    let left = this.columns();
    const moveTo = (place: number) => () => {
      const now = this.columns();
      const at = now.findIndex((column) => column.key === key);
      if (at < 0 || !isSameOrder(left, now)) {
        throw new CannotUndo("columns");
      }
      this.board.changeBoard({ columns: placed(now, at, place) });
      left = this.columns();
    };
    const [undo, redo] = [moveTo(from), moveTo(to)];
    redo();
    return { undo, redo };
  }

  /** Adds one at the end. @returns whether it did; else it says why not */
  add(name: string): boolean {
    const columns = this.columns();
    if (columns.length >= MAX_COLUMNS) {
      toast(this.texts.tooManyColumns(MAX_COLUMNS), { tone: "warning" });
      return false;
    }
    const row = { key: null, id: "new", name, limit: "" };
    this.board.changeBoard({ columns: columnsOf([...rowsOf(columns), row]) });
    return true;
  }

  /** Takes away one that has no tasks, or says why not. @returns the ways back and forth, where it did */
  remove(key: string): Ways | null {
    const columns = this.columns();
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
    return {
      undo: () => {
        const now = this.columns();
        if (now.some((other) => other.key === key)) {
          throw new CannotUndo("nothing");
        }
        this.board.changeBoard({ columns: placed([...now, column], now.length, from) });
      },
      redo: () => {
        if (!this.columns().some((other) => same(other, column))) {
          throw new CannotUndo("columns");
        }
        if (this.remove(key) === null) {
          throw new CannotUndo("columns");
        }
      },
    };
  }

  private columns(): readonly Column[] {
    return this.board.head()?.columns ?? [];
  }

  private each(key: string, changes: Partial<Column>, before: Partial<Column>): void {
    const head: BoardHead | null = this.board.head();
    const all = (values: Partial<Column>) =>
      this.columns().map((column) => (column.key === key ? { ...column, ...values } : column));
    if (head !== null) {
      this.board.changeBoard({ columns: all(changes) }, { ...head, columns: all(before) });
    }
  }
}

export function useColumnChanges(board: OpenBoard): ColumnChanges {
  const texts = useTexts().board;
  return useMemo(() => new ColumnChanges(board, texts), [board, texts]);
}
