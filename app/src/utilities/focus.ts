/** Where the keyboard goes when its place is gone. On phones the system sees to it. */

import { Platform } from "react-native";

/** To the heading of the screen in view, from where Tab leads into the content. */
export function focusHeading(): void {
  if (Platform.OS !== "web") return;
  const headings = document.querySelectorAll<HTMLElement>('[role="main"] h1, main h1');
  const seen = [...headings].filter((heading) => heading.closest("[inert]") === null);
  seen[seen.length - 1]?.focus();
}

/** The same, but only where the keyboard is nowhere: what had it was removed. */
export function keepFocus(): void {
  if (Platform.OS !== "web") return;
  const { activeElement } = document;
  if (activeElement === null || activeElement === document.body) focusHeading();
}
