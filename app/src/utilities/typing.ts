/** Who is typing, and where: what is typed on must not end up where it was not meant to go. */

import { Platform } from "react-native";
import { elapsed } from "./elapsed";

/** How long nobody types in a pause, in milliseconds. */
const PAUSE = 2_000;
/** How long somebody may think in the middle of what they type, in milliseconds. */
const THOUGHT = 20_000;

/** When a key was last pressed in a field, as `elapsed` counts. */
let last = -Infinity;
/** The field that somebody types in, unless something else was done since. */
let field: HTMLElement | null = null;

/** Keys that type nothing themselves. */
const MODIFIERS = new Set(["Shift", "CapsLock", "AltGraph", "Alt", "Control", "Meta", "Dead"]);
/** Keys that may have closed a field on purpose. */
const CLOSES = new Set(["Enter", "Escape", "Tab"]);
/** Keys of a user who continues with something else. */
const GOES_ON = /^(?:Tab|Escape|Arrow.*|Page.*|Home|End|F\d+)$/u;

/** Some keyboards write with Control and Alt. */
const isCommand = (event: KeyboardEvent) =>
  (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState("AltGraph");

const isField = (target: EventTarget | null): target is HTMLElement =>
  target instanceof HTMLElement && target.matches("input, textarea");

if (Platform.OS === "web") {
  const note = (event: KeyboardEvent) => {
    const { target, key } = event;
    if (isField(target)) {
      last = elapsed();
      if (!MODIFIERS.has(key)) field = CLOSES.has(key) || isCommand(event) ? null : target;
    } else if (isTypedOn()) {
      // An undo would be one of what was typed, not of the board's last change.
      if (GOES_ON.test(key) || (isCommand(event) && key.toLowerCase() !== "z")) {
        field = null;
      } else if (!MODIFIERS.has(key)) {
        // No shortcut, and nothing that presses the button which has the focus now.
        last = elapsed();
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    }
  };
  const forget = () => (field = null);
  window.addEventListener("keydown", note, true);
  window.addEventListener("pointerdown", forget, true);
  window.addEventListener("popstate", forget, true);
}

/**
 * Whether a key that is pressed now was meant for a field that vanished while somebody typed in it,
 * because others deleted what it was of.
 */
function isTypedOn(): boolean {
  return field?.isConnected === false && elapsed() - last < THOUGHT;
}

/** Whether somebody is in the middle of what they type, a thought's pause included. */
export function isTyping(): boolean {
  return field !== null && elapsed() - last < THOUGHT;
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
