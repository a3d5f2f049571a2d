/**
 * What is over the page and must be dealt with first: dialogs, sheets, menus. Everything below is
 * `inert` meanwhile, which keeps keyboard, pointer and screen reader here; toasts stay outside. While
 * the login is in view they are taken off the page, with all that was typed, and come back after it.
 */

import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { StyleSheet, View } from "react-native";
import { useBackCloses } from "./back";
import { useLoginInView } from "./login-in-view";
import { focusNear, placeOf, type Place } from "../utilities/focus";
import { pressedKey } from "../utilities/keys";
import type { LayerProps } from "./layer";

/** The open layers, the topmost last. */
const stack: HTMLElement[] = [];

/** Only the topmost layer, or the page where there is none, can be used. */
function makeInert() {
  const root = document.getElementById("root");
  [root, ...stack].forEach((element, index, all) => {
    if (element !== null) element.inert = index < all.length - 1;
  });
}

/** Where the keyboard begins: what asks for it, else the first control, else the layer itself. */
function focusInside(layer: HTMLElement) {
  if (layer.contains(document.activeElement)) return;
  const first =
    layer.querySelector<HTMLElement>("[data-first-focus], [autofocus]") ??
    layer.querySelector<HTMLElement>("input, textarea, select") ??
    layer.querySelector<HTMLElement>('[tabindex="0"], button, a[href]');
  first?.focus();
}

const FOCUSABLE = 'input, textarea, select, button, a[href], [tabindex="0"]';

/** Tab goes round inside the layer instead of leaving the page. */
function goRound(layer: HTMLElement, event: KeyboardEvent) {
  const all = [...layer.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (element) => element.tabIndex >= 0 && element.getClientRects().length > 0,
  );
  const [first, last] = [all[0], all[all.length - 1]];
  const active = document.activeElement;
  if (first === undefined || last === undefined) event.preventDefault();
  else if (event.shiftKey) {
    // Before the first, too: in the layer itself.
    if (active !== first && all.some((element) => element === active)) return;
    event.preventDefault();
    last.focus();
  } else if (active === last || !layer.contains(active)) {
    event.preventDefault();
    first.focus();
  }
}

/** Where what had the keyboard was taken away, the dialog itself has it: nothing below can be used. */
function keepInside(layer: HTMLElement) {
  if (stack[stack.length - 1] !== layer || document.activeElement !== document.body) return;
  layer.querySelector<HTMLElement>('[role="dialog"], [role="alertdialog"]')?.focus();
}

export function Layer({ onClose, label, children }: LayerProps) {
  const [element] = useState(() => {
    const made = document.createElement("div");
    made.className = "layer";
    return made;
  });
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  }, [onClose]);
  const waits = useLoginInView();
  useBackCloses(!waits, onClose);
  // What had the keyboard when it was opened.
  const opener = useRef<Place | null>(null);

  useLayoutEffect(() => {
    if (waits) return undefined;
    opener.current ??= placeOf(document.activeElement);
    document.body.appendChild(element);
    stack.push(element);
    makeInert();
    focusInside(element);
    const changes = new MutationObserver(() => keepInside(element));
    changes.observe(element, { childList: true, subtree: true });
    const onKey = (event: KeyboardEvent) => {
      if (stack[stack.length - 1] !== element) return;
      const key = pressedKey(event);
      if (key === "Tab") goRound(element, event);
      // Asked after everything inside had its chance: a handler that used the key said so (`preventDefault`).
      if (key === "Escape") {
        setTimeout(() => {
          if (!event.defaultPrevented) close.current();
        }, 0);
      }
    };
    // On the way down: text fields of React Native for Web keep keys to themselves on the way up.
    document.addEventListener("keydown", onKey, true);
    return () => {
      changes.disconnect();
      document.removeEventListener("keydown", onKey, true);
      stack.splice(stack.indexOf(element), 1);
      element.remove();
      makeInert();
      focusNear(opener.current ?? []);
    };
  }, [element, waits]);

  return createPortal(
    <View role={label === undefined ? undefined : "region"} aria-label={label} style={styles.all}>
      {children}
    </View>,
    element,
  );
}

const styles = StyleSheet.create({ all: { flex: 1 } });
