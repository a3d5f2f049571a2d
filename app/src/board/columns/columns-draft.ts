/** The columns while they are being edited: rows of text, what is wrong with them, and the result. */

import type { Column } from "../../sync";
import { isRecord } from "../../utilities/problem";
import { seenLine } from "../../utilities/visible";

/** The most columns of a board, and characters of a column's name (the API's `Columns`). */
export const MAX_COLUMNS = 50;
export const MAX_COLUMN_NAME = 100;
const MAX_LIMIT = 999_999;
const MAX_KEY = 50;

export interface Row {
  /** The column's key; null for a new one, which is given its key when it is saved. */
  readonly key: string | null;
  /** Tells rows apart while they are edited. */
  readonly id: string;
  readonly name: string;
  /** As typed; "" for no limit. */
  readonly limit: string;
}

export function rowsOf(columns: readonly Column[]): Row[] {
  return columns.map(({ key, name, wip_limit }) => ({
    key,
    id: key,
    name,
    limit: wip_limit === null ? "" : String(wip_limit),
  }));
}

/** Rows as they were kept on the device; null where the text is none of those. */
export function parseRows(text: string): Row[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every(isRow) ? value : null;
  } catch {
    return null;
  }
}

function isRow(value: unknown): value is Row {
  return (
    isRecord(value) &&
    (value["key"] === null || typeof value["key"] === "string") &&
    [value["id"], value["name"], value["limit"]].every((each) => typeof each === "string")
  );
}

/** Puts a row one place to the left (-1) or right (1); the same rows where that is not possible. */
export function moved(rows: readonly Row[], index: number, step: -1 | 1): Row[] {
  const row = rows[index];
  const other = rows[index + step];
  if (!row || !other) {
    return [...rows];
  }
  const changed = [...rows];
  changed[index] = other;
  changed[index + step] = row;
  return changed;
}

export type RowProblem = "name-missing" | "name-too-long" | "limit-wrong";

/** What is wrong with a row. */
export function problemsOf(row: Row): RowProblem[] {
  const problems: RowProblem[] = [];
  const name = seenLine(row.name);
  if (name === "") {
    problems.push("name-missing");
  }
  if ([...name].length > MAX_COLUMN_NAME) {
    problems.push("name-too-long");
  }
  if (limitOf(row.limit) === undefined) {
    problems.push("limit-wrong");
  }
  return problems;
}

/** @returns null for no limit, undefined for what is none */
export function limitOf(typed: string): number | null | undefined {
  const text = typed.trim();
  if (text === "") {
    return null;
  }
  const limit = Number(text);
  return /^\d+$/.test(text) && limit >= 1 && limit <= MAX_LIMIT ? limit : undefined;
}

/** The columns that the rows stand for; rows must be without problems. */
export function columnsOf(rows: readonly Row[]): Column[] {
  const taken = new Set(rows.flatMap(({ key }) => (key === null ? [] : [key])));
  return rows.map((row) => {
    const key = row.key ?? newKey(row.name, taken);
    taken.add(key);
    return { key, name: seenLine(row.name), wip_limit: limitOf(row.limit) ?? null };
  });
}

/** A key like the name, and like no other: it is in the tasks' `status` and in exports. */
function newKey(name: string, taken: ReadonlySet<string>): string {
  const plain = name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, MAX_KEY - 4);
  const base = plain === "" ? "column" : plain;
  let key = base;
  for (let next = 2; taken.has(key); next += 1) {
    key = `${base}_${next}`;
  }
  return key;
}
