/** What a file is that somebody wants to import: the export of a board, or something else with a name. */

import type { BoardImport } from "../generated/api";
import { isRecord } from "../utilities/problem";

/** The most that the server takes, in bytes. */
export const IMPORT_LIMIT = 8 * 1024 * 1024;

/** The most that is read at all, in bytes: more than any export of a board that can be imported. */
export const READ_LIMIT = 128 * 1024 * 1024;

/** What else people have in their hands. */
export type OtherKind =
  | "empty"
  | "html"
  | "gzip"
  | "zip"
  | "utf16"
  | "notUtf8"
  | "table"
  | "cutOff"
  | "notJson"
  | "card"
  | "list";

export type ImportFile =
  | { readonly kind: "board"; readonly document: BoardImport }
  /** So many bytes, without what an import leaves out anyway. */
  | { readonly kind: "too-large"; readonly bytes: number }
  /** JSON that lacks `missing`. */
  | { readonly kind: "not-board"; readonly missing: readonly string[] }
  | { readonly kind: "other"; readonly other: OtherKind };

const startsWith = (bytes: Uint8Array, ...start: readonly number[]) =>
  start.every((byte, place) => bytes[place] === byte);

/** What a file is by its first bytes, where that is no text in UTF-8. */
function kindOfBytes(bytes: Uint8Array): OtherKind | null {
  if (startsWith(bytes, 0x1f, 0x8b)) return "gzip";
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04)) return "zip";
  const wide = (place: number) => bytes[place] === 0 && bytes[place + 2] === 0;
  if (startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff)) return "utf16";
  return bytes.length > 3 && (wide(0) || wide(1)) ? "utf16" : null;
}

/** What a text is that is not JSON. */
function kindOfText(text: string): OtherKind {
  const trimmed = text.trim();
  if (trimmed === "") return "empty";
  if (trimmed.startsWith("<")) return "html";
  if (!/^[[{]/u.test(trimmed)) return /^[^\n]*[,;\t][^\n]*\n/u.test(trimmed) ? "table" : "notJson";
  return /[\]}]$/u.test(trimmed) ? "notJson" : "cutOff";
}

/** Says what a file is, by its bytes. */
export function readImportFile(bytes: Uint8Array): ImportFile {
  const other = kindOfBytes(bytes);
  if (other !== null) return { kind: "other", other };
  let text: string;
  try {
    // Leaves out the mark that some programs write in front of UTF-8.
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return { kind: "other", other: "notUtf8" };
  }
  return parseImport(text);
}

/** Says what a text is: a board of ours, one of Trello's, or what else. The server checks the rest. */
export function parseImport(text: string): ImportFile {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/u, ""));
  } catch {
    return { kind: "other", other: kindOfText(text) };
  }
  if (Array.isArray(value)) return { kind: "other", other: "list" };
  const members = isRecord(value) ? value : {};
  const has = (part: string) => Array.isArray(members[part]);
  const { name } = members;
  const isBoard = ["columns", "tasks", "lists", "cards"].some(has);
  if (!isBoard && "idList" in members) return { kind: "other", other: "card" };
  if (!isBoard && (has("boards") || has("items"))) return { kind: "other", other: "list" };
  if (typeof name === "string" && isBoard) return fitting({ ...members, name });
  const missing = [...(typeof name === "string" ? [] : ["name"]), ...(isBoard ? [] : ["columns"])];
  return { kind: "not-board", missing };
}

/** A board that the server takes: a large one without the events, but one that stands for all of them. */
function fitting(document: BoardImport): ImportFile {
  let bytes = sizeOf(document);
  if (bytes <= IMPORT_LIMIT) return { kind: "board", document };
  const events = (document as { readonly events?: unknown }).events;
  const without = {
    ...document,
    events: Array.isArray(events) ? [{}].slice(0, events.length) : [],
  };
  bytes = sizeOf(without);
  return bytes <= IMPORT_LIMIT
    ? { kind: "board", document: without }
    : { kind: "too-large", bytes };
}

/** How many bytes a document has on its way. */
export function sizeOf(document: unknown): number {
  return new TextEncoder().encode(JSON.stringify(document)).length;
}
