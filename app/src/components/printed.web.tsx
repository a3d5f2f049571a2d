/**
 * What is printed instead of the page: all of it, though the page draws only what is near the window and
 * folds what is long. It is there only while something is printed, and only that of the screen in view.
 */

import { useIsFocused } from "@react-navigation/native";
import { useSyncExternalStore } from "react";
import { createPortal, flushSync } from "react-dom";
import type { PrintedProps } from "./printed";

const media = window.matchMedia("print");
let printing = false;

/** A browser prints what is there when its listeners are done: so it is drawn within them. */
function subscribe(listener: () => void): () => void {
  const notify = () => flushSync(listener);
  const begin = () => {
    printing = true;
    notify();
  };
  const end = () => {
    printing = false;
    notify();
  };
  window.addEventListener("beforeprint", begin);
  window.addEventListener("afterprint", end);
  media.addEventListener("change", notify);
  return () => {
    window.removeEventListener("beforeprint", begin);
    window.removeEventListener("afterprint", end);
    media.removeEventListener("change", notify);
  };
}

const isPrinting = () => printing || media.matches;

export function Printed({ children }: PrintedProps) {
  const now = useSyncExternalStore(subscribe, isPrinting);
  const inView = useIsFocused();
  return now && inView
    ? createPortal(<div className="printed">{children}</div>, document.body)
    : null;
}
