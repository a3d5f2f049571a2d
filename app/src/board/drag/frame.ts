/** Where a view is in the window. */

import { Platform, type View } from "react-native";

export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export const NOWHERE: Frame = { left: 0, top: 0, width: 0, height: 0 };

/** A view as its ref gives it: on the web that is the element itself. */
export type Measurable = Pick<View, "measureInWindow">;

/** The element behind a ref on the web, else null. */
export function elementOf(ref: unknown): HTMLElement | null {
  return Platform.OS === "web" && ref instanceof HTMLElement ? ref : null;
}

/**
 * Measures now where that is possible (the web), else soon.
 *
 * @param report called with the frame; on the web before this returns
 */
export function measure(ref: Measurable | null, report: (frame: Frame) => void): void {
  const element = elementOf(ref);
  if (element) {
    const { left, top, width, height } = element.getBoundingClientRect();
    report({ left, top, width, height });
  } else {
    ref?.measureInWindow((left, top, width, height) => report({ left, top, width, height }));
  }
}
