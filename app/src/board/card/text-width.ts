/** How wide a card's title is on phones, where nothing measures a text before it is drawn: a guess. */

/** Of a card's title, in density-independent pixels. */
export const TITLE_SIZE = 15;

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
  return ems * TITLE_SIZE;
}
