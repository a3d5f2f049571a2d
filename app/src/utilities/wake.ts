/** Says when the device's network or the person comes back, so that nobody waits for a timer. */

import { AppState, Platform } from "react-native";

/** How often is looked whether the device slept, and how late that look is then; in milliseconds. */
const LOOK = 5_000;
const SLEPT = 15_000;

/** @returns what ends it */
export function onWake(listener: () => void): () => void {
  if (Platform.OS !== "web") {
    const subscription = AppState.addEventListener("change", (state) => {
      if (state === "active") {
        listener();
      }
    });
    return () => subscription.remove();
  }
  const visible = () => {
    if (!document.hidden) {
      listener();
    }
  };
  // Back from the browser's memory: nobody was notified of what came in the meantime.
  const shown = ({ persisted }: PageTransitionEvent) => {
    if (persisted) {
      listener();
    }
  };
  window.addEventListener("online", listener);
  window.addEventListener("pageshow", shown);
  document.addEventListener("visibilitychange", visible);
  const endLooking = onSlept(visible);
  return () => {
    endLooking();
    window.removeEventListener("pageshow", shown);
    window.removeEventListener("online", listener);
    document.removeEventListener("visibilitychange", visible);
  };
}

/** No event says that a device slept: its clock went on while its timers stood still. */
function onSlept(listener: () => void): () => void {
  let last = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    if (now - last > SLEPT) {
      listener();
    }
    last = now;
  }, LOOK);
  return () => clearInterval(timer);
}

/** Says when the app goes out of view, perhaps for good: the last moment to keep something. */
export function onHide(listener: () => void): () => void {
  if (Platform.OS !== "web") {
    const subscription = AppState.addEventListener("change", (state) => {
      if (state === "background") {
        listener();
      }
    });
    return () => subscription.remove();
  }
  // A phone ends a page that is out of view without another word.
  const hidden = () => {
    if (document.hidden) {
      listener();
    }
  };
  window.addEventListener("pagehide", listener);
  document.addEventListener("visibilitychange", hidden);
  return () => {
    window.removeEventListener("pagehide", listener);
    document.removeEventListener("visibilitychange", hidden);
  };
}

/** Says when the device loses its network, where it says so. @returns what ends it */
export function onNetworkLost(listener: () => void): () => void {
  if (Platform.OS !== "web") {
    return () => undefined;
  }
  window.addEventListener("offline", listener);
  return () => window.removeEventListener("offline", listener);
}

/** Whether the device knows that it has no network. */
export function isWithoutNetwork(): boolean {
  return Platform.OS === "web" && navigator.onLine === false;
}
