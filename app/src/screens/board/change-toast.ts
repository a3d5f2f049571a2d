/** The toast of the newest change, with its way back: there is one at most. */

import { dismissToast, toast } from "../../components";

let shown: number | null = null;

/** Takes the place of the one before. */
export function showChange(text: string, undo: string, onUndo: () => void): void {
  dismissChange();
  shown = toast(text, { action: { label: undo, onPress: onUndo } });
}

/** The change was taken back, or refused: what the toast says is not true any more. */
export function dismissChange(): void {
  if (shown !== null) {
    dismissToast(shown);
    shown = null;
  }
}
