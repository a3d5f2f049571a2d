/** The page's one `main`: the screen in view has it, those that stay mounted below do not. */

import { useLayoutEffect, useRef, type RefObject } from "react";
import type { View } from "react-native";

/**
 * Set on the element: as a prop React Native for Web would make another element of it, and with that all
 * inside again.
 *
 * @param shown whether the screen is in view
 * @returns the `ref` of what holds the screen's content
 */
export function useMainLandmark(shown: boolean): RefObject<View | null> {
  const main = useRef<View>(null);
  useLayoutEffect(() => {
    const element: unknown = main.current;
    if (!shown || typeof HTMLElement === "undefined" || !(element instanceof HTMLElement)) return;
    element.setAttribute("role", "main");
    element.id = "content";
    return () => {
      element.removeAttribute("role");
      element.removeAttribute("id");
    };
  }, [shown]);
  return main;
}
