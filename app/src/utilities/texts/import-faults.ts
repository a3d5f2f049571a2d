/** What the server does not take of a file: where it is, as people know it, and why. */

import type { Fault } from "../problem";
import { isRecord } from "../problem";
import { faultWords } from "./errors";
import type { Catalogue } from "./index";
import type { ImportsTexts } from "./imports";

/** Enough of a title to know the card by, in characters. */
const MOST = 60;

export function faultText(
  { pointer, detail }: Fault,
  document: unknown,
  texts: ImportsTexts,
  names: Catalogue["board"]["fields"],
): string {
  const [list = "", index = "", ...deeper] = pointer.split("/").slice(1);
  const place = placeOf(list, index === "" ? NaN : Number(index), document, texts);
  const [field = "", ...rest] = place === null ? [list, index, ...deeper] : deeper;
  const known: Readonly<Record<string, string>> = {
    ...texts.trello,
    ...names,
    ...texts.members,
  };
  const name = Object.hasOwn(known, field) ? known[field] : field;
  // People count from one.
  const counted = rest.map((each) => (/^\d+$/u.test(each) ? String(Number(each) + 1) : each));
  const path = [name, ...counted].filter((each) => each !== "").join(" ");
  return `${[place, path].filter((each) => each !== null && each !== "").join(", ")}: ${faultWords(detail)}`;
}

/** The card or column of a fault; null: it is of the board itself. */
function placeOf(
  list: string,
  index: number,
  document: unknown,
  texts: ImportsTexts,
): string | null {
  const words = {
    tasks: texts.theTask,
    cards: texts.theTask,
    columns: texts.theColumn,
    lists: texts.theColumn,
  };
  const isKnown = (key: string): key is keyof typeof words => Object.hasOwn(words, key);
  if (!isKnown(list) || !Number.isInteger(index)) {
    return null;
  }
  const entries = isRecord(document) ? document[list] : null;
  const entry: unknown = Array.isArray(entries) ? entries[index] : null;
  const title = isRecord(entry) ? (entry["title"] ?? entry["name"]) : null;
  const shown = typeof title === "string" && title.trim() !== "" ? title.trim() : null;
  return words[list](
    index + 1,
    shown !== null && shown.length > MOST ? `${shown.slice(0, MOST)}…` : shown,
  );
}
