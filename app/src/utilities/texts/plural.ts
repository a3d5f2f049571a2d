/** Chooses the form of a text that a number asks for in a language. */

/** English and German know these two; a language with more forms adds them here. */
export interface Forms {
  readonly one: string;
  readonly other: string;
}

/** `const plural = pluralIn("en")`, then `plural(2, { one: "1 task", other: "2 tasks" })`. */
export function pluralIn(language: string): (count: number, forms: Forms) => string {
  // Hermes has come without PluralRules on some systems; for our languages this is the same rule.
  const rules = typeof Intl.PluralRules === "function" ? new Intl.PluralRules(language) : null;
  return (count, forms) => {
    const form = rules === null ? (count === 1 ? "one" : "other") : rules.select(count);
    return form === "one" ? forms.one : forms.other;
  };
}
