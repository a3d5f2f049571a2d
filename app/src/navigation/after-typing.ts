/** Waits for a pause in typing: what is typed on goes to whatever field a screen that comes puts first. */

import { Platform } from "react-native";
import { elapsed } from "../utilities/elapsed";

/** How long nobody types in a pause, in milliseconds. */
const PAUSE = 2_000;

/** When a key was last pressed in a field, as `elapsed` counts. */
let last = -Infinity;

if (Platform.OS === "web") {
  const note = ({ target }: KeyboardEvent) => {
    if (target instanceof HTMLElement && target.matches("input, textarea")) last = elapsed();
  };
  window.addEventListener("keydown", note, true);
}

/** Calls it at once where nobody types, else in the next pause. @returns what gives that up */
export function afterTyping(run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    const since = elapsed() - last;
    if (since >= PAUSE) run();
    else timer = setTimeout(look, PAUSE - since);
  };
  look();
  return () => clearTimeout(timer);
}
