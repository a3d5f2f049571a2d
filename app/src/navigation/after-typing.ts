/** Waits for a pause in typing: what is typed on goes to whatever field a screen that comes puts first. */

import { Platform } from "react-native";

/** How long nobody types in a pause, in milliseconds. */
const PAUSE = 2_000;

/** When a key was last pressed in a field, in milliseconds since 1970. */
let last = -Infinity;

if (Platform.OS === "web") {
  const note = ({ target }: KeyboardEvent) => {
    if (target instanceof HTMLElement && target.matches("input, textarea")) last = Date.now();
  };
  window.addEventListener("keydown", note, true);
}

/** Calls it at once where nobody types, else in the next pause. @returns what gives that up */
export function afterTyping(run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    // A clock may be put back: what seems to come from the future is old.
    const since = Date.now() - last;
    if (since < 0 || since >= PAUSE) run();
    else timer = setTimeout(look, PAUSE - since);
  };
  look();
  return () => clearTimeout(timer);
}
