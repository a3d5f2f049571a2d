/** Bounds what the Markdown lexer may do for one text: some texts cost it the square of their length. */

import { Tokenizer } from "marked";

/**
 * How many characters the lexer's rules may be given for one text, each rule's try counted again. A
 * full-length text of ordinary paragraphs, lists and tables takes less than a quarter of it
 * (markdown-parse.test.ts measures that), the most that a text can ask for is eleven times as much.
 */
export const LEXER_BUDGET = 50_000_000;

/** The text costs more than its budget. */
export class BudgetExceeded extends Error {}

/**
 * Marked asks its tokenizer's rules one after the other whether the rest of the text begins with what
 * they read; the cost of each try is bounded by that rest. So the sum of the rests bounds the work,
 * the same on every device, unlike a time limit.
 *
 * @param most characters, over all tries
 * @returns a tokenizer that throws `BudgetExceeded` once the sum is above `most`
 */
export function budgetedTokenizer(most: number): Tokenizer {
  const rules = new Map<PropertyKey, unknown>();
  let left = most;
  return new Proxy(new Tokenizer(), {
    get(tokenizer, name) {
      const rule: unknown = Reflect.get(tokenizer, name);
      if (typeof rule !== "function") {
        return rule;
      }
      if (!rules.has(name)) {
        rules.set(name, (rest: string, ...others: unknown[]): unknown => {
          left -= rest.length;
          if (left < 0) {
            throw new BudgetExceeded();
          }
          return Reflect.apply(rule, tokenizer, [rest, ...others]);
        });
      }
      return rules.get(name);
    },
  });
}
