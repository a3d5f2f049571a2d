/**
 * Back closes what is open over a screen before it leaves the screen. Phones ask; a browser has gone
 * by the time that it reports this, so it is sent back.
 */

import { useEffect, useRef } from "react";
import { BackHandler, Platform } from "react-native";
import { way } from "../utilities/way";

type Close = () => void;

/** What is open, the topmost last. */
const stack: Close[] = [];

/** How long a browser may take to be where it was, in milliseconds. */
const PATIENCE = 1_000;

/** The entry of the browser's history at which something was opened; null where it does not say. */
let place: number | null = null;

/** Runs while the browser is sent where it was. */
let returning: ReturnType<typeof setTimeout> | undefined;

function placeNow(): number | null {
  const history: unknown = Reflect.get(globalThis, "navigation");
  const entry: unknown = isObject(history) ? Reflect.get(history, "currentEntry") : null;
  const index: unknown = isObject(entry) ? Reflect.get(entry, "index") : null;
  return typeof index === "number" ? index : null;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** How many entries lead back to where something was opened. */
function wayBack(): number {
  const now = placeNow();
  // Who does not say where it is has most likely gone one entry back.
  return place === null || now === null || place === now ? 1 : place - now;
}

function onPopState(event: PopStateEvent): void {
  if (returning !== undefined) {
    clearTimeout(returning);
    returning = undefined;
    event.stopImmediatePropagation();
    return;
  }
  const close = stack[stack.length - 1];
  // Where the app is there already, it has sent the browser after it. A query makes no entry of its own.
  if (close === undefined || window.location.pathname === way.currentPath().split("?")[0]) {
    place = placeNow();
    return;
  }
  event.stopImmediatePropagation();
  returning = setTimeout(() => {
    returning = undefined;
  }, PATIENCE);
  window.history.go(wayBack());
  close();
}

// Now, so that it runs before React Navigation, which is not told what is undone: a
// window's listeners are called in the order in which they came.
if (Platform.OS === "web") window.addEventListener("popstate", onPopState);

/** While `active`: Back (the browser's, or a phone's) calls this instead of leaving the screen. */
export function useBackCloses(active: boolean, onBack: Close): void {
  const latest = useRef(onBack);
  useEffect(() => {
    latest.current = onBack;
  }, [onBack]);
  useEffect(() => {
    if (!active) return;
    const close = () => latest.current();
    if (Platform.OS !== "web") {
      const subscription = BackHandler.addEventListener("hardwareBackPress", () => {
        close();
        return true;
      });
      return () => subscription.remove();
    }
    place = placeNow();
    stack.push(close);
    return () => void stack.splice(stack.indexOf(close), 1);
  }, [active]);
}
