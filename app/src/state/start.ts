/** What the engine does once, when the app starts. */

import { Platform } from "react-native";
import { drafts } from "./drafts";
import { sendWaiting } from "./open-boards";
import { keepQueries } from "./query-client";
import { startSession } from "./session";

let started: Promise<void> | null = null;

/** Reads what the device kept, asks who is logged in, and sends what was waiting. */
export function startEngine(): Promise<void> {
  started ??= begin();
  return started;
}

async function begin(): Promise<void> {
  if (Platform.OS === "web") {
    window.addEventListener("pagehide", () => drafts.flush());
  }
  await Promise.all([drafts.load(), keepQueries(), startSession()]);
  await sendWaiting();
}
