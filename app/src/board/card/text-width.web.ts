/** How wide a card's title is in a browser: measured, without drawing it. */

import { type } from "../../theme/tokens";

/** Of a card's title, in pixels. */
export const TITLE_SIZE = 15;

/** The words of a large board; beyond these memory is worth more than time. */
const MOST = 20_000;
const known = new Map<string, number>();
let canvas: CanvasRenderingContext2D | null = null;

/** @returns width in pixels at the title's size */
export function textWidth(text: string): number {
  let width = known.get(text);
  if (width === undefined) {
    width = measured(text);
    if (known.size >= MOST) known.clear();
    known.set(text, width);
  }
  return width;
}

function measured(text: string): number {
  if (canvas === null) {
    canvas = document.createElement("canvas").getContext("2d");
    if (canvas === null) throw new Error("this browser draws nothing");
    canvas.font = `${TITLE_SIZE}px ${type.family ?? "sans-serif"}`;
  }
  return canvas.measureText(text).width;
}
