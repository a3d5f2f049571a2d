/** The colours of series: distinct in hue and lightness, and seen on every surface (3:1). */

import { contrast, ofHue } from "../../theme/contrast";
import { dark, light } from "../../theme/colours";
import type { Scheme } from "../../theme";

/** Neighbours are far apart on the wheel. */
const HUES = [172, 28, 262, 205, 335, 95, 48, 300];

/** What is looked at on a chart holds this against what is below (WCAG 1.4.11). */
export const SEEN = 3;

/** The colour of series `index`, counted from 0. Those beyond the eighth have another lightness. */
export function seriesColour(index: number, scheme: Scheme): string {
  const hue = HUES[index % HUES.length] ?? 0;
  const odd = (index + Math.floor(index / HUES.length)) % 2 === 1;
  const ground = scheme === "light" ? light.surface : dark.surface;
  const step = scheme === "light" ? -0.02 : 0.02;
  let lightness = scheme === "light" ? (odd ? 0.56 : 0.36) : odd ? 0.56 : 0.74;
  while (contrast(ofHue(hue, lightness), ground) < SEEN) lightness += step;
  return ofHue(hue, lightness);
}
