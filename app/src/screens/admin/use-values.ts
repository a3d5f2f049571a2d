/** Fields of entries and their values as people read them; what this app does not know stays as it is. */

import { useMemo } from "react";
import { inFieldOrder } from "../../board/trouble/field-order";
import { fieldName, valueWords } from "../../board/trouble/value-words";
import { useNameOf } from "../../state/names";
import { isRecord } from "../../utilities/problem";
import { useTexts } from "../../utilities/texts";
import { useAdminTexts, type AdminTexts } from "../../utilities/texts/admin";
import { useFormats, type Formats } from "../../utilities/texts/formats";

/** They mean something to the server alone. */
const HIDDEN: ReadonlySet<string> = new Set(["position", "epoch"]);
const MOMENT = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/u;

export interface Values {
  readonly field: (field: string) => string;
  readonly value: (field: string, value: unknown) => string;
}

export function useValues(): Values {
  const texts = useTexts().board;
  const admin = useAdminTexts();
  const formats = useFormats();
  const nameOf = useNameOf();
  return useMemo(() => {
    const known: Readonly<Record<string, string>> = admin.activity.fields;
    const field = (name: string) =>
      Object.hasOwn(known, name) ? (known[name] ?? name) : fieldName(name, texts);
    const context = { texts, columns: [], date: formats.due, start: formats.start, nameOf };
    const value = (name: string, it: unknown) =>
      ownWords(name, it, admin, formats) ?? valueWords(name, it, context);
    return { field, value };
  }, [texts, admin, formats, nameOf]);
}

/** What only the activity shows; null: shown as in a board's history. */
function ownWords(
  field: string,
  value: unknown,
  { activity: texts }: AdminTexts,
  formats: Formats,
): string | null {
  const roles: Readonly<Record<string, string>> = texts.roles;
  if (typeof value === "boolean") return value ? texts.yes : texts.no;
  if (field === "role" && typeof value === "string" && Object.hasOwn(roles, value)) {
    return roles[value] ?? value;
  }
  if (field === "columns" && Array.isArray(value)) {
    const names = value.map((column: unknown) => columnWords(column, texts));
    return names.join(", ");
  }
  // Start and due date are shown as on boards; free fields are what people wrote.
  const isDay = field === "start_at" || field === "due_at";
  const isMoment = typeof value === "string" && field.endsWith("_at") && !isDay;
  return isMoment && MOMENT.test(value) ? `${formats.date(value)}, ${formats.clock(value)}` : null;
}

function columnWords(column: unknown, texts: AdminTexts["activity"]): string {
  if (!isRecord(column)) return String(column);
  const { name, wip_limit: limit } = column;
  return typeof limit === "number" ? texts.limited(String(name), limit) : String(name);
}

/** The fields of what an entry is about, each free field by itself, in the order of an open task. */
export function fieldsOf(entity: object): readonly (readonly [string, unknown])[] {
  const fields = Object.entries(entity).flatMap(
    ([field, value]): (readonly [string, unknown])[] => {
      if (HIDDEN.has(field)) return [];
      if (field !== "fields" || !isRecord(value)) return [[field, value]];
      return Object.entries(value).map(([name, each]) => [`fields/${name}`, each]);
    },
  );
  return inFieldOrder(fields, ([field]) => field);
}
