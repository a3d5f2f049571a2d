/** Escape for what is no dialog of its own but is closed like one. */

import { useEffect, useRef } from "react";
import { Platform } from "react-native";
import { pressedKey } from "./keys";

/**
 * Calls back when Escape was pressed and nothing inside, and no layer above, has used it. Who uses it
 * says so by `preventDefault`.
 */
export function useEscape(active: boolean, onEscape: () => void): void {
  const latest = useRef(onEscape);
  useEffect(() => {
    latest.current = onEscape;
  }, [onEscape]);
  useEffect(() => {
    if (!active || Platform.OS !== "web") return;
    const onKey = (event: KeyboardEvent) => {
      const covered = document.querySelector('[role="menu"], [aria-modal="true"]') !== null;
      if (pressedKey(event) !== "Escape" || covered) return;
      // Everything inside has had its chance by then.
      setTimeout(() => {
        if (!event.defaultPrevented) latest.current();
      }, 0);
    };
    // On the way down: text fields of React Native for Web keep keys to themselves on the way up.
    document.addEventListener("keydown", onKey, true);
    return () => document.removeEventListener("keydown", onKey, true);
  }, [active]);
}
