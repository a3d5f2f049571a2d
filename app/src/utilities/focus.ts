/** Where the keyboard goes when its place is gone. On phones the system sees to it. */

import { useCallback, useRef } from "react";
import { Platform } from "react-native";

/** Whatever can be given the keyboard. */
interface Control {
  focus(): void;
}

/** To the heading of the screen in view, from where Tab leads into the content. */
export function focusHeading(): void {
  if (Platform.OS !== "web") return;
  const headings = document.querySelectorAll<HTMLElement>('[role="main"] h1');
  const seen = [...headings].filter((heading) => heading.closest("[inert]") === null);
  seen[seen.length - 1]?.focus();
}

/** The same, but only where the keyboard is nowhere: what had it was removed. */
export function keepFocus(): void {
  if (Platform.OS !== "web") return;
  const { activeElement } = document;
  if (activeElement === null || activeElement === document.body) focusHeading();
}

/** A text that is opened is written on at its end; browsers begin a field of several lines at its start. */
export function caretToEnd(field: unknown): void {
  if (Platform.OS === "web" && field instanceof HTMLTextAreaElement) {
    field.setSelectionRange(field.value.length, field.value.length);
  }
}

/**
 * Brings the keyboard back to the control that opened an editor in its place (WCAG 2.4.3).
 *
 * @returns the control's `ref`, and what to call when the editor is closed
 */
export function useReturnFocus(): readonly [(control: Control | null) => void, () => void] {
  const opener = useRef<Control | null>(null);
  const register = useCallback((control: Control | null) => {
    opener.current = control;
  }, []);
  const giveBack = useCallback(() => {
    // Soon: the control takes the editor's place first, and what is over the page goes.
    if (Platform.OS === "web") setTimeout(() => opener.current?.focus(), 0);
  }, []);
  return [register, giveBack];
}
