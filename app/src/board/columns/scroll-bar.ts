/** How much of a list's width its scroll bar takes: the cards are measured without it. */

import { webStyle } from "../web-style";

/** A list that leaves its scroll bar the room for good, so that its cards are always as wide. */
export const listBar = webStyle({ scrollbarGutter: "stable", scrollbarWidth: "thin" });

let width: number | null = null;

/** @returns in pixels; 0 where the bar is over the content */
export function scrollBarWidth(): number {
  if (typeof document === "undefined") {
    return 0;
  }
  if (width === null) {
    const probe = document.createElement("div");
    // With the room that a list leaves: where bars are over the content, it may leave some anyway.
    probe.style.cssText =
      "position:absolute;visibility:hidden;width:100px;height:9px;overflow:hidden auto;" +
      "scrollbar-gutter:stable;scrollbar-width:thin";
    document.body.append(probe);
    width = probe.offsetWidth - probe.clientWidth;
    probe.remove();
  }
  return width;
}
