/** How tall a card is, told from its task alone, so that a column can be windowed without measuring. */

import type { BoardTask } from "../../state/types";

/** Sizes in density-independent pixels; what grows with the text is multiplied by the font scale. */
export const CARD = {
  gap: 8,
  border: 1,
  paddingX: 12,
  paddingY: 10,
  titleSize: 15,
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
  "title" | "description" | "labels" | "due_at" | "assigned_to" | "comment_count" | "waiting"
>;

/** For whom cards are measured. */
export interface CardSpace {
  /** Width of a card, in density-independent pixels. */
  readonly width: number;
  /** How much larger than usual texts are; 1 is usual. */
  readonly fontScale: number;
}

/**
 * Guesses a text's width on the generous side: a line too many leaves a little air, one too few
 * would cut the title.
 *
 * @returns width in density-independent pixels at the title's size
 */
export function textWidth(text: string): number {
  let ems = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0x2e80) {
      ems += 1.05;
    } else if (/[ilj.,:;'|!()[\] ]/.test(character)) {
      ems += 0.34;
    } else if (/[mwMW@%]/.test(character)) {
      ems += 0.95;
    } else if (/[A-ZÄÖÜ]/.test(character) || code > 0x24f) {
      ems += 0.72;
    } else {
      ems += 0.58;
    }
  }
  return ems * CARD.titleSize;
}

/** How many lines the title is given: 1 to `CARD.titleLines`. */
export function titleLines(title: string, space: CardSpace): number {
  const room = space.width - 2 * (CARD.paddingX + CARD.border) - CARD.menu;
  let lines = 1;
  let used = 0;
  for (const word of title.split(/\s+/)) {
    let width = textWidth(`${word} `) * space.fontScale;
    if (used > 0 && used + width > room) {
      lines += 1;
      used = 0;
    }
    while (width > room && lines < CARD.titleLines) {
      width -= room;
      lines += 1;
    }
    used += width;
    if (lines >= CARD.titleLines) {
      return CARD.titleLines;
    }
  }
  return lines;
}

/** Whether a card has a line of facts below its title. */
export function hasFacts(task: Measured): boolean {
  return (
    task.due_at !== null ||
    task.assigned_to !== null ||
    task.comment_count > 0 ||
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
