/** Who is typing, and where: what is typed on must not end up where it was not meant to go. */

import { Platform } from "react-native";
import { elapsed } from "./elapsed";

/** How long nobody types in a pause, in milliseconds. */
const PAUSE = 2_000;

/** When a key was last pressed in a field, as `elapsed` counts. */
let last = -Infinity;
/** The field that the last character went into, unless something else was done since. */
let field: HTMLElement | null = null;

const isField = (target: EventTarget | null): target is HTMLElement =>
  target instanceof HTMLElement && target.matches("input, textarea");

if (Platform.OS === "web") {
  const note = (event: KeyboardEvent) => {
    const { target, key, ctrlKey, metaKey } = event;
    if (isField(target)) {
      last = elapsed();
      // Escape or Enter may have closed it on purpose.
      field = key.length === 1 && !ctrlKey && !metaKey ? target : null;
    } else if (isTypedOn() && (key.length === 1 || key === "Enter")) {
      // No shortcut, and nothing that presses the button which has the focus now.
      last = elapsed();
      event.preventDefault();
      event.stopImmediatePropagation();
    } else {
      field = null;
    }
  };
  window.addEventListener("keydown", note, true);
  window.addEventListener("pointerdown", () => (field = null), true);
}

/**
 * Whether a key that is pressed now was meant for a field that vanished while somebody typed in it,
 * because others deleted what it was of.
 */
function isTypedOn(): boolean {
  return field?.isConnected === false && elapsed() - last < PAUSE;
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
