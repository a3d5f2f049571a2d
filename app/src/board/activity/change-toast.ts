/** The toast of the newest change, with its way back: there is one at most. */

import { dismissToast, toast, type ToastOptions } from "../../components";
import type { Undoable } from "./undo-change";
import { useToasts } from "../../state/toasts";

/** Which key does what the toast's button does. */
type Key = "undo" | "redo";

let shown: { readonly id: number; readonly key: Key | null; readonly run: () => void } | null =
  null;

/** What the toast's button does. */
export interface Way {
  readonly label: string;
  readonly run: () => void;
  /** Which key presses the button as well. */
  readonly key: Key | null;
}

/** Takes the place of the one before. */
export function showChange(
  text: string,
  { label, run, key }: Way,
  options?: Pick<ToastOptions, "tone">,
): void {
  dismissChange();
  const id = toast(text, { ...options, action: { label, onPress: run } });
  shown = { id, key, run };
}

/** Presses the button of the toast that can be seen. @returns whether there is one for this key */
export function pressShown(key: Key): boolean {
  const now = shown;
  const seen = useToasts.getState().toasts.some(({ id }) => id === now?.id);
  if (now?.key !== key || !seen) {
    return false;
  }
  dismissChange();
  now.run();
  return true;
}

/** The change was undone, or refused: what the toast says is not true any more. */
export function dismissChange(): void {
  if (shown !== null) {
    dismissToast(shown.id);
    shown = null;
  }
}

/** The words of the buttons, and of what they did. */
export interface WayBackTexts {
  readonly undo: string;
  readonly redo: string;
  readonly undone: (what: string) => string;
  readonly redone: (what: string) => string;
}

/**
 * Reports a change with a way back; what was undone is named, and can be redone.
 *
 * @param failed called with why an undo or redo failed, and how to retry it
 */
export function showUndoable(
  change: Undoable,
  texts: WayBackTexts,
  failed: (error: unknown, again: Way) => void,
): void {
  const { words } = change;
  const undo: Way = {
    label: texts.undo,
    key: "undo",
    run: () =>
      void attempt(() => change.undo()).then(
        () => showChange(texts.undone(words), redo),
        (error: unknown) => failed(error, undo),
      ),
  };
  const redo: Way = {
    label: texts.redo,
    key: "redo",
    run: () =>
      void attempt(() => change.redo()).then(
        () => showChange(texts.redone(words), undo),
        (error: unknown) => failed(error, redo),
      ),
  };
  showChange(words, undo);
}

/** At once; what it throws is a rejection too. */
async function attempt(run: () => Promise<void> | void): Promise<void> {
  await run();
}
