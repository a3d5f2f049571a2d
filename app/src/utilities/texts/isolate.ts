/** Keeps the direction of what people write out of our sentences: an override in a title mirrored them. */

/** Letters written from right to left, and marks that change the direction. */
const TURNS =
  /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const [FIRST_STRONG, POP] = ["\u2068", "\u2069"];

/** The text with as many ends of isolations as beginnings, so that it ends none but its own. */
function balanced(text: string): string {
  let open = 0;
  const kept = text.replace(/[\u2066-\u2069]/gu, (mark) => {
    if (mark !== POP) {
      open += 1;
      return mark;
    }
    if (open === 0) {
      return "";
    }
    open -= 1;
    return mark;
  });
  return kept + POP.repeat(open);
}

/** A text as it is in a sentence of ours: set apart where it could turn what is around it. */
export function isolate(text: string): string {
  const whole = balanced(text);
  return TURNS.test(whole) ? FIRST_STRONG + whole + POP : whole;
}

/** Makes every function of a catalogue isolate the texts that it takes up. */
export function isolateArguments(catalogue: object): void {
  for (const [key, value] of Object.entries(catalogue)) {
    if (typeof value === "function") {
      const apply = (say: () => unknown, self: unknown, given: readonly unknown[]) =>
        Reflect.apply(
          say,
          self,
          given.map((each) => (typeof each === "string" ? isolate(each) : each)),
        );
      Reflect.set(catalogue, key, new Proxy(value, { apply }));
    } else if (typeof value === "object" && value !== null) {
      isolateArguments(value);
    }
  }
}
