/** What the engine does once, when the app starts. */

import { Platform } from "react-native";
import { onHide } from "../utilities/wake";
import { deviceStorage } from "../utilities/storage";
import { sweepNames } from "../sync";
import { drafts } from "./drafts";
import { sendWaiting } from "./open-boards";
import { followPreferences } from "./preferences";
import { keepQueries } from "./query-client";
import { startSession } from "./session";

let started: Promise<void> | null = null;

/** Reads what the device kept, asks who is logged in, and sends what was waiting. */
export function startEngine(): Promise<void> {
  started ??= begin();
  return started;
}

/** A page that was open once opens without network from then on. */
function keepPage(): void {
  // Where the browser forbids it the app works anyway, as long as there is a network.
  if (process.env.NODE_ENV === "production" && "serviceWorker" in navigator) {
    navigator.serviceWorker.register("/service-worker.js").catch(() => undefined);
  }
}

async function begin(): Promise<void> {
  if (Platform.OS === "web") {
    keepPage();
  }
  onHide(() => drafts.flush());
  followPreferences(deviceStorage);
  await Promise.all([drafts.load(), keepQueries(), startSession()]);
  await sweepNames(deviceStorage, Date.now());
  await sendWaiting();
}
