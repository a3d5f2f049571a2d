/** Which keys mean something on a card, and on one that is held; the others are the app's shortcuts. */

import { pressedKey } from "../utilities/keys";

export type CardKey = "pick-up" | "drop" | "cancel" | "up" | "down" | "left" | "right";

const ARROWS: Readonly<Record<string, CardKey>> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
};

const ON_CARD: Readonly<Record<string, CardKey>> = { ...ARROWS, " ": "pick-up" };

const HELD: Readonly<Record<string, CardKey>> = {
  ...ARROWS,
  " ": "drop",
  Enter: "drop",
  Escape: "cancel",
};

/** A key as the browser reports it. */
export interface PressedKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/**
 * @param held by what a card is held, if one is
 * @param onCard a card has the focus
 * @returns what it means; null where the key is not the card's
 */
export function cardKeyOf(
  pressed: PressedKey,
  held: "pointer" | "keyboard" | null,
  onCard: boolean,
): CardKey | null {
  if (held === "pointer") {
    return pressedKey(pressed) === "Escape" ? "cancel" : null;
  }
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) {
    return null;
  }
  if (held === "keyboard") {
    return HELD[pressedKey(pressed)] ?? null;
  }
  return onCard ? (ON_CARD[pressedKey(pressed)] ?? null) : null;
}
