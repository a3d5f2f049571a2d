/** Task lists in Markdown (`- [ ]`, `- [x]`): how far they are, and the text with one box ticked. */

import { parseMarkdown, type Block, type Inline, type Item } from "./markdown-parse";

export interface Progress {
  readonly done: number;
  readonly all: number;
}

/** A text without one has no task list, whatever else it holds. */
const BOX = /\[[ xX]\]/;
/** Where a text may have one; what is in code only looks so. */
const BOXES = /((?:[-*+]|\d[.)])[ \t]+\[)[ xX]\]/g;
/** How many places are tried for one box: more are only in texts made to take long. */
const MOST_TRIES = 20;
/** How much of the text beside a box is used to find the place to try first, in characters. */
const FIRST_WORDS = 20;
/** For how many texts the progress is remembered. */
const MOST_KNOWN = 2_000;

const known = new Map<string, Progress | null>();

/** @returns null where the text has no task list; read once for each text, not for each card drawn */
export function progressOf(text: string): Progress | null {
  if (!BOX.test(text)) {
    return null;
  }
  let progress = known.get(text);
  if (progress === undefined) {
    const boxes = boxesIn(parseMarkdown(text));
    const done = boxes.filter(({ checked }) => checked).length;
    progress = boxes.length === 0 ? null : { done, all: boxes.length };
    if (known.size >= MOST_KNOWN) {
      known.clear();
    }
    known.set(text, progress);
  }
  return progress;
}

/** The items with a box, in the order of the text. */
export function boxesIn(blocks: readonly Block[]): readonly Item[] {
  return blocks.flatMap((block) => {
    switch (block.kind) {
      case "list":
        return block.items.flatMap((item) => [
          ...(item.checked === null ? [] : [item]),
          ...boxesIn(item.blocks),
        ]);
      case "quote":
        return boxesIn(block.blocks);
      default:
        return [];
    }
  });
}

/** What is beside a box: its name. */
export function wordsOf({ blocks: [first] }: Item): string {
  return first?.kind === "paragraph" ? plainOf(first.children) : "";
}

function plainOf(parts: readonly Inline[]): string {
  return parts
    .map((part) => ("children" in part ? plainOf(part.children) : "text" in part ? part.text : " "))
    .join("");
}

/**
 * The text with one box ticked or not; nothing else in it is touched. Which of the text's brackets is
 * that box only the parser can tell: so a place is right if the text reads as wanted afterwards.
 *
 * @param box counted from 0 in the order of the text
 * @returns null where there is no such box
 */
export function withBox(text: string, box: number, checked: boolean): string | null {
  const boxes = boxesIn(parseMarkdown(text));
  const item = boxes[box];
  if (item === undefined) {
    return null;
  }
  const wanted = boxes.map((other) => (other === item ? checked : other.checked));
  const words = wordsOf(item).slice(0, FIRST_WORDS);
  const found = [...text.matchAll(BOXES)].map(({ index, 1: before = "" }, nth) => ({
    index: index + before.length,
    isOther: !text.startsWith(words, index + before.length + "x] ".length),
    away: Math.abs(nth - box),
  }));
  found.sort((a, b) => Number(a.isOther) - Number(b.isOther) || a.away - b.away);
  for (const { index } of found.slice(0, MOST_TRIES)) {
    const ticked = `${text.slice(0, index)}${checked ? "x" : " "}${text.slice(index + 1)}`;
    const states = boxesIn(parseMarkdown(ticked)).map((other) => other.checked);
    if (states.join() === wanted.join()) {
      return ticked;
    }
  }
  return null;
}

/** A line whichever way its box is. */
const bare = (line: string) => line.replace(BOX, "[ ]");

/** A line of a task list. */
const TASK_LINE = /^[\s>]*(?:[-*+]|\d{1,9}[.)])\s+\[[ xX]\](?:\s|$)/;

/**
 * The line in which the box of `ticked` differs, as the server is asked to change it.
 *
 * @param ticked the text with one box changed
 * @returns null where it is no line of a task list by itself
 */
export function tickOf(text: string, ticked: string): { line: string; nth: number } | null {
  const lines = text.split("\n");
  const after = ticked.split("\n");
  const at = lines.findIndex((line, index) => line !== after[index]);
  const line = lines[at];
  return line !== undefined && TASK_LINE.test(line)
    ? { line, nth: places(lines, bare(line)).indexOf(at) }
    : null;
}

/** The text with that line ticked or not; null where it is not there any more. */
export function withTick(text: string, line: string, nth: number, done: boolean): string | null {
  const lines = text.split("\n");
  const at = places(lines, bare(line))[nth];
  if (at === undefined) {
    return null;
  }
  lines[at] = (lines[at] ?? "").replace(BOX, done ? "[x]" : "[ ]");
  return lines.join("\n");
}

/**
 * Ticks of ours over a text that somebody changed meanwhile: each line that we ticked is found there
 * again, by its words.
 *
 * @returns null where we changed more than boxes, or a line that we ticked is not there any more
 */
export function ticksOver(base: string, mine: string, theirs: string): string | null {
  const before = base.split("\n");
  const after = mine.split("\n");
  const now = theirs.split("\n");
  if (before.length !== after.length) {
    return null;
  }
  for (const [at, line] of after.entries()) {
    const old = before[at] ?? "";
    if (line === old) {
      continue;
    }
    const words = bare(line);
    const alike = places(before, words);
    const there = places(now, words);
    const place = there[alike.indexOf(at)];
    if (words !== bare(old) || place === undefined || alike.length !== there.length) {
      return null;
    }
    now[place] = line;
  }
  return now.join("\n");
}

function places(lines: readonly string[], words: string): readonly number[] {
  return lines.flatMap((line, at) => (bare(line) === words ? [at] : []));
}
