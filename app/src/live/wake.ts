/** Tells when the device's network or the person comes back, so that nobody waits for a timer. */

import { AppState, Platform } from "react-native";

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
  window.addEventListener("online", listener);
  document.addEventListener("visibilitychange", visible);
  return () => {
    window.removeEventListener("online", listener);
    document.removeEventListener("visibilitychange", visible);
  };
}

/** Tells when the app goes out of view, perhaps for good: the last moment to keep something. */
export function onHide(listener: () => void): () => void {
  if (Platform.OS !== "web") {
    const subscription = AppState.addEventListener("change", (state) => {
      if (state === "background") {
        listener();
      }
    });
    return () => subscription.remove();
  }
  window.addEventListener("pagehide", listener);
  return () => window.removeEventListener("pagehide", listener);
}

/** Tells when the device loses its network, where it says so. @returns what ends it */
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
