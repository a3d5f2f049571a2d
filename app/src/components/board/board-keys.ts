/** Which command a key means on the board. */

export type BoardCommand =
  | "new-task"
  | "search"
  | "open"
  | "move-to"
  | "edit"
  | "delete"
  | "undo"
  | "pick-up"
  | "drop"
  | "cancel"
  | "up"
  | "down"
  | "left"
  | "right";

/** A key as the browser tells it. */
export interface Key {
  readonly key: string;
  readonly ctrl: boolean;
  readonly alt: boolean;
}

/** Where the key was pressed. */
export interface KeyContext {
  /** A card has the focus. */
  readonly onCard: boolean;
  /** Somebody types: letters are letters. */
  readonly typing: boolean;
  /** A card is held with the keyboard. */
  readonly held: boolean;
}

const ARROWS: Readonly<Record<string, BoardCommand>> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
};

const ANYWHERE: Readonly<Record<string, BoardCommand>> = { n: "new-task", "/": "search" };

const ON_CARD: Readonly<Record<string, BoardCommand>> = {
  ...ARROWS,
  Enter: "open",
  " ": "pick-up",
  m: "move-to",
  e: "edit",
  Delete: "delete",
};

const HELD: Readonly<Record<string, BoardCommand>> = {
  ...ARROWS,
  " ": "drop",
  Enter: "drop",
  Escape: "cancel",
};

/** @returns the command, or null where the key is not the board's. */
export function commandOf(key: Key, context: KeyContext): BoardCommand | null {
  if (context.held) {
    return HELD[key.key] ?? null;
  }
  if (context.typing) {
    return null;
  }
  const name = key.key.length === 1 ? key.key.toLowerCase() : key.key;
  if (key.ctrl) {
    return name === "z" && !key.alt ? "undo" : null;
  }
  if (key.alt) {
    return null;
  }
  return ANYWHERE[name] ?? (context.onCard ? (ON_CARD[name] ?? null) : null);
}
