/** Where the keyboard goes when its place is gone. On phones the system sees to it. */

import { useCallback, useRef } from "react";
import { Platform } from "react-native";

/** Whatever can be given the keyboard. */
interface Control {
  focus(): void;
}

const isLost = () => document.activeElement === null || document.activeElement === document.body;

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
  if (isLost()) focusHeading();
}

/** Where else the keyboard may go, next to where it was. */
const NEAR = ':is(h1, h2)[tabindex="-1"], [data-near-focus]';

/** A control and what it is in, from the inside out: its place on the page, should it be removed. */
export type Place = readonly Element[];

export function placeOf(control: Element | null): Place {
  return control === null ? [] : [control, ...placeOf(control.parentElement)];
}

/** To the control itself; where it is gone, to what is nearest to its place. */
export function focusNear(place: Place): void {
  const [control] = place;
  if (control instanceof HTMLElement && control.isConnected) control.focus();
  for (const around of place) {
    if (!isLost()) return;
    if (around.isConnected) around.querySelector<HTMLElement>(NEAR)?.focus({ preventScroll: true });
  }
  keepFocus();
}

/** How long others may give the keyboard a place first, in milliseconds. */
const OTHERS_FIRST = 100;

/** Whatever takes a control that has the keyboard from the page: the keyboard stays nearby (WCAG 2.4.3). */
function holdFocus(): void {
  let held: Place = [];
  document.addEventListener("focusin", ({ target }) => {
    held = target instanceof Element ? placeOf(target) : [];
  });
  document.addEventListener("focusout", () => {
    // Who presses beside everything wants the keyboard nowhere.
    queueMicrotask(() => {
      if (isLost() && held[0]?.isConnected === true) held = [];
    });
  });
  new MutationObserver(() => {
    // Cards see to it themselves: one that was scrolled away is removed, too.
    if (held[0]?.isConnected !== false || held[0].matches("[data-card]") || !isLost()) return;
    const place = held;
    held = [];
    setTimeout(() => {
      if (isLost()) focusNear(place);
    }, OTHERS_FIRST);
  }).observe(document, { childList: true, subtree: true });
}

if (Platform.OS === "web") holdFocus();

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
