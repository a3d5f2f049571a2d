/** The fields of a task that people write, apart from its column: the one list of them in the app. */

import type { NewTask, Task } from "../generated/api";

/** What the API takes; free fields go their own ways. */
export type ContentField = Exclude<keyof NewTask, "status" | "before" | "after" | "fields">;

/** Events of earlier versions may lack one: then it is as if nobody wrote anything. */
type Written<Field extends ContentField> = Exclude<Task[Field], undefined>;

/** What each is where nobody wrote anything. The type has a fault where the API has another field. */
export const UNWRITTEN: { readonly [Field in ContentField]: Written<Field> } = {
  title: "",
  description: "",
  assigned_to: null,
  labels: [],
  start_at: null,
  due_at: null,
};

/** What each is where these were given, or not. */
export function written(given: {
  readonly [Field in ContentField]?: Written<Field> | null | undefined;
}): { readonly [Field in ContentField]: Written<Field> } {
  const said = Object.entries(given).filter(
    ([field, value]) => isContentField(field) && value != null,
  );
  return { ...UNWRITTEN, ...Object.fromEntries(said) };
}

export const CONTENT_FIELDS = Object.keys(UNWRITTEN) as readonly ContentField[];

export function isContentField(field: string): field is ContentField {
  return Object.hasOwn(UNWRITTEN, field);
}
