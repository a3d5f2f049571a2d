/** Values of fields as people read them, and the names of the fields. */

import type { Catalogue } from "../../utilities/texts";
import { isRecord } from "../../utilities/problem";
import type { WordContext } from "../activity/event-words";

type Texts = Catalogue["board"];

/** A field's name in the user's language; a free field's own name. */
export function fieldName(field: string, texts: Texts): string {
  const names: Readonly<Record<string, string>> = texts.fields;
  return names[field] ?? field.replace(/^fields[./]/, "");
}

/** A value in one text, whatever it is. */
export function valueWords(
  field: string,
  value: unknown,
  { texts, columns, date, start, nameOf }: Omit<WordContext, "title">,
): string {
  if (value === null || value === undefined || value === "") {
    return texts.nothing;
  }
  if (field === "status") {
    return columns.find(({ key }) => key === value)?.name ?? String(value);
  }
  if (field === "assigned_to" && typeof value === "string") {
    return nameOf(value);
  }
  if (field === "due_at" && typeof value === "string") {
    return date(value);
  }
  if (field === "start_at" && typeof value === "string") {
    return start(value);
  }
  if (Array.isArray(value)) {
    const parts = value.map((part: unknown) =>
      isRecord(part) && typeof part["name"] === "string" ? part["name"] : String(part),
    );
    return parts.length === 0 ? texts.nothing : parts.join(", ");
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
