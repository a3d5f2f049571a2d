/** Markdown as a small tree of our own: no HTML ever comes out of it, and links are safe or none. */

import { lexer, type Token } from "marked";
import { LEXER_BUDGET, budgetedTokenizer } from "./markdown-budget";

export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "break" }
  | { readonly kind: "strong" | "em" | "del"; readonly children: readonly Inline[] }
  /** `href` null: not one of the schemes that are opened. */
  | { readonly kind: "link"; readonly href: string | null; readonly children: readonly Inline[] };

export interface Item {
  /** null: no check box. */
  readonly checked: boolean | null;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: "paragraph"; readonly children: readonly Inline[] }
  | { readonly kind: "heading"; readonly level: number; readonly children: readonly Inline[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "quote"; readonly blocks: readonly Block[] }
  | { readonly kind: "list"; readonly start: number | null; readonly items: readonly Item[] }
  | { readonly kind: "table"; readonly rows: readonly (readonly (readonly Inline[])[])[] }
  | { readonly kind: "rule" };

/**
 * What a link may open: the web and mail. Everything else (`javascript:`, `data:`, `file:`, other
 * apps) could do something in the reader's name.
 *
 * @returns the address, or null
 */
export function safeHref(href: string): string | null {
  // Browsers pass over white space and control characters in a scheme: so must we, before looking.
  const plain = href.replace(
    /[\u0000-\u0020\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202f\ufeff]/g,
    "",
  );
  return /^(https?:\/\/[^/?#]|mailto:[^@]+@)/i.test(plain) ? plain : null;
}

/** Deeper levels are not distinguished, and there is no room for them on a phone. */
export const MAX_DEPTH = 8;

/**
 * What is nested deeper than `MAX_DEPTH` is shown as it was written, and so is the whole where it is
 * nested so absurdly that it cannot be read, or would take the lexer more than its budget.
 *
 * @param source Markdown as people write it, of any content
 * @param budget of the lexer, in characters (markdown-budget.ts)
 */
export function parseMarkdown(source: string, budget = LEXER_BUDGET): readonly Block[] {
  try {
    const tokenizer = budgetedTokenizer(budget);
    return blocks(lexer(source, { gfm: true, breaks: true, tokenizer }), 1);
  } catch {
    return [asWritten(source)];
  }
}

function asWritten(text: string): Block {
  return { kind: "paragraph", children: [{ kind: "text", text: text.trim() }] };
}

/** @param depth from 1 */
function blocks(tokens: readonly Token[], depth: number): Block[] {
  return tokens.flatMap((token) => block(token, depth) ?? []);
}

function block(token: Token, depth: number): Block | null {
  switch (token.type) {
    case "space":
    case "def":
    case "checkbox":
      return null;
    case "heading":
      return { kind: "heading", level: token.depth, children: inlines(token.tokens) };
    case "code":
      return { kind: "code", text: token.text };
    case "blockquote":
      return depth > MAX_DEPTH
        ? asWritten(token.raw)
        : { kind: "quote", blocks: blocks(token.tokens ?? [], depth + 1) };
    case "hr":
      return { kind: "rule" };
    case "list":
      return depth > MAX_DEPTH
        ? asWritten(token.raw)
        : {
            kind: "list",
            start: token.ordered ? Number(token.start) || 1 : null,
            items: token.items.map((one: ListToken) => item(one, depth + 1)),
          };
    case "table":
      return {
        kind: "table",
        rows: [token.header, ...token.rows].map((row: readonly { tokens: Token[] }[]) =>
          row.map((cell) => inlines(cell.tokens)),
        ),
      };
    case "paragraph":
    case "text":
      return { kind: "paragraph", children: token.tokens ? inlines(token.tokens) : [text(token)] };
    default:
      // HTML, and whatever else there may be, is shown as it was written.
      return asWritten(token.raw);
  }
}

interface ListToken {
  readonly task: boolean;
  readonly checked?: boolean;
  readonly tokens: Token[];
}

function item(token: ListToken, depth: number): Item {
  return {
    checked: token.task ? token.checked === true : null,
    blocks: blocks(token.tokens, depth),
  };
}

function inlines(tokens: readonly Token[] | undefined, depth = 1): Inline[] {
  return (tokens ?? []).flatMap((token) => inline(token, depth) ?? []);
}

function inline(token: Token, depth: number): Inline | null {
  switch (token.type) {
    case "strong":
    case "em":
    case "del":
      return depth > MAX_DEPTH
        ? { kind: "text", text: token.raw }
        : { kind: token.type, children: inlines(token.tokens, depth + 1) };
    case "codespan":
      return { kind: "code", text: token.text };
    case "br":
      return { kind: "break" };
    case "checkbox":
      return null;
    case "link":
      return {
        kind: "link",
        href: safeHref(token.href),
        children: inlines(token.tokens, depth + 1),
      };
    case "image":
      // Pictures from elsewhere would reveal the reader to their server: they are links here.
      return {
        kind: "link",
        href: safeHref(token.href),
        children: [{ kind: "text", text: token.text || token.href }],
      };
    case "escape":
      return { kind: "text", text: token.text };
    case "text":
      return token.tokens && token.tokens.length > 0
        ? { kind: "text", text: token.tokens.map((part: Token) => part.raw).join("") }
        : text(token);
    default:
      return { kind: "text", text: token.raw };
  }
}

function text(token: { text?: string; raw: string }): Inline {
  return { kind: "text", text: token.text ?? token.raw };
}
