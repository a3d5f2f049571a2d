/** The toast of the newest change, with its way back: there is one at most. */

import { dismissToast, toast } from "../../components";
import { useToasts } from "../../state/toasts";

let shown: number | null = null;
let takeBack: (() => void) | null = null;

/** Takes the place of the one before. */
export function showChange(text: string, action: string, onPress: () => void): void {
  dismissChange();
  shown = toast(text, { action: { label: action, onPress } });
}

/** The same, of a change that its button takes back. */
export function showUndoable(text: string, undo: string, onUndo: () => void): void {
  showChange(text, undo, onUndo);
  takeBack = onUndo;
}

/** Takes back the change that can be seen to be undoable. @returns whether there is one */
export function undoShown(): boolean {
  const undo = takeBack;
  const seen = useToasts.getState().toasts.some(({ id }) => id === shown);
  if (undo === null || !seen) {
    return false;
  }
  dismissChange();
  undo();
  return true;
}

/** The change was taken back, or refused: what the toast says is not true any more. */
export function dismissChange(): void {
  if (shown !== null) {
    dismissToast(shown);
    shown = null;
    takeBack = null;
  }
}
