/** Free fields: what people type as JSON scalars, and JSON as people read it. */

export type Scalar = string | number | boolean;

/**
 * What was typed, as a value: a number where it is written as JSON writes that number, `true`/`false`,
 * else the text as it was typed ("1.10" is a version). In quotation marks it is a text in any case.
 */
export function scalarOf(typed: string): Scalar {
  const text = typed.trim();
  if (text === "true" || text === "false") {
    return text === "true";
  }
  const number = Number(text);
  if (Number.isFinite(number) && String(number) === text) {
    return number;
  }
  if (/^".*"$/s.test(text)) {
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === "string" ? value : text;
    } catch {
      return text;
    }
  }
  return text;
}

/** The text which `scalarOf` makes this value of; what is no scalar is shown as JSON. */
export function typedOf(value: unknown): string {
  if (typeof value === "string") {
    return scalarOf(value) === value ? value : JSON.stringify(value);
  }
  return JSON.stringify(value) ?? "";
}

/** Whether people can change it as one line of text. */
export function isScalar(value: unknown): value is Scalar {
  return ["string", "number", "boolean"].includes(typeof value);
}
