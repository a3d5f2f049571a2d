/** How tall a card is, computed from its task alone, so that a column can be windowed without measuring. */

import type { BoardTask } from "../../sync";
import { textWidth, TITLE_SIZE } from "./text-width";

/** Sizes in density-independent pixels; what grows with the text is multiplied by the font scale. */
export const CARD = {
  gap: 8,
  border: 1,
  paddingX: 12,
  paddingY: 10,
  titleSize: TITLE_SIZE,
  titleLine: 20,
  titleLines: 3,
  labelLine: 20,
  labelGap: 6,
  factLine: 24,
  factGap: 8,
  /** What the button of the card's menu takes from the title's first line. */
  menu: 32,
} as const;

/** What of a task decides how tall its card is. */
export type Measured = Pick<
  BoardTask,
  | "title"
  | "description"
  | "labels"
  | "start_at"
  | "due_at"
  | "assigned_to"
  | "comment_count"
  | "item_count"
  | "waiting"
>;

/** For whom cards are measured. */
export interface CardSpace {
  /** Width of a card, in density-independent pixels. */
  readonly width: number;
  /** How much larger than usual texts are; 1 is usual. */
  readonly fontScale: number;
}

/** The parts of a word between which a line may end: at hyphens, and at each character of CJK. */
const PARTS = /[\u2e80-\uffff]|[^\u2e80-\uffff-]+-*|-+/g;
/** Sums of widths are as exact as this, in pixels. */
const TOLERANCE = 0.5;

/** How many lines the title is given: 1 to `CARD.titleLines`. */
export function titleLines(title: string, space: CardSpace): number {
  const { fontScale } = space;
  const room = space.width - 2 * (CARD.paddingX + CARD.border) - CARD.menu;
  const widthOf = (text: string) => textWidth(text) * fontScale;
  if (widthOf(title) <= room) {
    return 1;
  }
  let lines = 1;
  let used = 0;
  for (const word of title.split(/\s+/)) {
    let gap = used > 0 ? widthOf(" ") : 0;
    for (const part of word.match(PARTS) ?? []) {
      const width = widthOf(part);
      // Some signs may not begin a line: what is before them in CJK goes with them.
      const spare = part >= "\u2e80" ? width : 0;
      if (used + gap + width + spare + TOLERANCE <= room) {
        used += gap + width;
      } else {
        lines += used > 0 ? 1 : 0;
        used = width;
        // A word that is wider than the line is broken anywhere.
        for (; used > room && lines < CARD.titleLines; lines += 1) {
          used -= room - 2 * CARD.titleSize;
        }
      }
      gap = 0;
    }
    if (lines >= CARD.titleLines) {
      return CARD.titleLines;
    }
  }
  return lines;
}

/** Whether a card has a line of facts below its title. */
export function hasFacts(task: Measured): boolean {
  return (
    task.start_at !== null ||
    task.due_at !== null ||
    task.assigned_to !== null ||
    task.comment_count > 0 ||
    task.item_count > 0 ||
    task.description !== "" ||
    task.waiting
  );
}

/** A card's height, without the gap below it, in density-independent pixels. */
export function cardHeight(task: Measured, space: CardSpace): number {
  const { fontScale } = space;
  let height = 2 * (CARD.border + CARD.paddingY);
  height += titleLines(task.title, space) * Math.ceil(CARD.titleLine * fontScale);
  if (task.labels.length > 0) {
    height += Math.ceil(CARD.labelLine * fontScale) + CARD.labelGap;
  }
  if (hasFacts(task)) {
    height += Math.ceil(CARD.factLine * fontScale) + CARD.factGap;
  }
  return height;
}

/**
 * A measure that remembers: a task is never changed in place, so each is measured once per space.
 */
export function cardMeasure(space: CardSpace): (task: BoardTask) => number {
  const known = new WeakMap<BoardTask, number>();
  return (task) => {
    let height = known.get(task);
    if (height === undefined) {
      height = cardHeight(task, space);
      known.set(task, height);
    }
    return height;
  };
}
