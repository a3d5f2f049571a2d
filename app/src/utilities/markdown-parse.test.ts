/** Guards what Markdown may become: never HTML, and links only to the web and mail. */

import { array, assert as check, constantFrom, property, string, tuple } from "fast-check";
import { LEXER_BUDGET } from "./markdown-budget";
import { MAX_DEPTH, parseMarkdown, safeHref, type Block, type Inline } from "./markdown-parse";

function links(blocks: readonly Block[]): (string | null)[] {
  return [...JSON.stringify(blocks).matchAll(/"href":("(?:[^"\\]|\\.)*"|null)/g)].map(
    ([, href]): string | null => (href === "null" ? null : String(JSON.parse(href ?? "null"))),
  );
}

function plain(parts: readonly Inline[]): string {
  return parts
    .map((part) => ("children" in part ? plain(part.children) : "text" in part ? part.text : "\n"))
    .join("");
}

it.each([
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  " javascript:alert(1)",
  "java\tscript:alert(1)",
  "java\nscript:alert(1)",
  "\u0001javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:msgbox(1)",
  "file:///etc/passwd",
  "blob:https://example.org/x",
  "taskboard://boards/1",
  "//example.org",
  "/boards/1",
  "boards/1",
  "",
  "http:",
  "https://",
  "httpsx://example.org",
  "mailto:",
])("a link to “%s” is not opened", (href) => {
  expect(safeHref(href)).toBeNull();
});

it.each([
  "https://example.org/a?b=c#d",
  "http://localhost:3000",
  "HTTPS://EXAMPLE.ORG",
  "mailto:ada@example.org",
])("a link to “%s” is", (href) => {
  expect(safeHref(href)).toBe(href);
});

it("whatever is written, only http, https and mailto can be opened", () => {
  const scheme = constantFrom("javascript:", "data:", "https://", "mailto:", "\tjavascript:", "");
  const piece = tuple(scheme, string()).map((parts) => parts.join(""));
  check(
    property(piece, string(), (href, text) => {
      for (const found of links(parseMarkdown(`[${text}](${href}) <${href}> ![x](${href})`))) {
        if (found !== null) {
          expect(found).toMatch(/^(https?:\/\/|mailto:)/i);
        }
      }
    }),
  );
});

it("HTML is shown as it was written", () => {
  const [block] = parseMarkdown("<script>alert(1)</script>");
  expect(block).toEqual({
    kind: "paragraph",
    children: [{ kind: "text", text: "<script>alert(1)</script>" }],
  });
  const [inline] = parseMarkdown("a <b onclick=x>b</b> c");
  expect(inline?.kind === "paragraph" && plain(inline.children)).toBe("a <b onclick=x>b</b> c");
});

it("pictures from other origins are links, so that nobody learns who looks", () => {
  expect(parseMarkdown("![a cat](https://example.org/cat.png)")).toEqual([
    {
      kind: "paragraph",
      children: [
        {
          kind: "link",
          href: "https://example.org/cat.png",
          children: [{ kind: "text", text: "a cat" }],
        },
      ],
    },
  ]);
});

it("what people write of Markdown is understood", () => {
  const kinds = parseMarkdown(
    "# Head\n\nText **strong** *em* ~~del~~ `code`\n\n- one\n- [x] two\n\n3. three\n\n> quote\n\n```\ncode\n```\n\n---\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
  ).map(({ kind }) => kind);
  expect(kinds).toEqual(["heading", "paragraph", "list", "list", "quote", "code", "rule", "table"]);
});

it("check boxes of lists keep their state, numbered lists their start", () => {
  const [boxes, numbers] = parseMarkdown("- [x] done\n- [ ] open\n- plain\n\n3. three\n4. four");
  expect(boxes?.kind === "list" && boxes.items.map(({ checked }) => checked)).toEqual([
    true,
    false,
    null,
  ]);
  expect(numbers?.kind === "list" && numbers.start).toBe(3);
});

it("any text can be parsed", () => {
  check(property(string({ maxLength: 400 }), (source) => Array.isArray(parseMarkdown(source))));
});

/** How deep lists and quotes are in each other. */
function depthOf(blocks: readonly Block[]): number {
  const inside = blocks.map((block) =>
    block.kind === "quote"
      ? 1 + depthOf(block.blocks)
      : block.kind === "list"
        ? 1 + Math.max(0, ...block.items.map((item) => depthOf(item.blocks)))
        : 0,
  );
  return Math.max(0, ...inside);
}

it.each([
  ["quotes", `${">".repeat(9_000)}end`],
  ["lists", `${"- ".repeat(4_900)}end`],
  ["both", `${">- ".repeat(3_300)}end`],
  ["emphasis", `${"**a *b ".repeat(700)}end${" c* d**".repeat(700)}`],
])("%s nested absurdly are shown as they were written, and end nothing", (_, source) => {
  const blocks = parseMarkdown(source);
  expect(depthOf(blocks)).toBeLessThanOrEqual(MAX_DEPTH);
  expect(JSON.stringify(blocks)).toContain("end");
});

/** A text of nearly 10,000 characters, the most that a field takes, of what people write. */
const ORDINARY =
  "# Plan\n\nSome **strong** and *soft* words, `code`, [a link](https://example.org/a), see https://example.org.\n\n- [x] one of the steps\n- another one\n\n| part | state |\n|---|---|\n| app | *done* |\n\n> quoted, with a_name\n\n"
    .repeat(60)
    .slice(0, 10_000);

it("LIMIT-MARKDOWN: what costs the lexer more than its budget is shown as it was written", () => {
  const source = "one *two* three";
  expect(parseMarkdown(source, 10)).toEqual([
    { kind: "paragraph", children: [{ kind: "text", text: source }] },
  ]);
  expect(parseMarkdown(source)).not.toEqual(parseMarkdown(source, 10));
});

it("LIMIT-MARKDOWN: a quarter of the budget is enough for what people write", () => {
  expect(ORDINARY).toHaveLength(10_000);
  expect(parseMarkdown(ORDINARY, LEXER_BUDGET / 4)).toEqual(parseMarkdown(ORDINARY));
  expect(parseMarkdown(ORDINARY).length).toBeGreaterThan(100);
});

it("what is nested deeper than eight levels is shown as it was written", () => {
  expect(depthOf(parseMarkdown(`${"> ".repeat(8)}end`))).toBe(8);
  const deeper = parseMarkdown(`${"> ".repeat(10)}end`);
  expect(depthOf(deeper)).toBe(MAX_DEPTH);
  expect(JSON.stringify(deeper)).toContain("> > end");
});

it("nothing that can be typed nests deeper than there is room", () => {
  const bit = constantFrom(
    ">",
    "> ",
    "- ",
    "1. ",
    "  ",
    "\n",
    "a",
    "*",
    "**",
    "_",
    "[",
    "](x)",
    "`",
  );
  check(
    property(array(bit, { maxLength: 300 }), (bits) => {
      expect(depthOf(parseMarkdown(bits.join("")))).toBeLessThanOrEqual(MAX_DEPTH);
    }),
  );
});
