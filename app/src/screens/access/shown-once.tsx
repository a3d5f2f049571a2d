/** What a dialog shows this once: whoever closes it without having kept that is asked first. */

import { useCallback, useEffect, useState, type ReactNode } from "react";
import { Platform } from "react-native";
import { ConfirmDialog } from "../../components";
import { useAccessTexts } from "../../utilities/texts/access";

/** Told whether something is shown that would be lost. */
export type OnUnkept = (unkept: boolean) => void;

/**
 * @returns `close` is for the dialog, `question` to be drawn in it, and `onUnkept` for `useKeeping`
 */
export function useShownOnce(onClose: () => void): {
  readonly close: () => void;
  readonly question: ReactNode;
  readonly onUnkept: OnUnkept;
} {
  const texts = useAccessTexts().once;
  const [unkept, setUnkept] = useState(false);
  const [asked, setAsked] = useState(false);
  return {
    close: () => (unkept ? setAsked(true) : onClose()),
    question: asked && (
      <ConfirmDialog
        title={texts.title}
        message={texts.text}
        confirm={texts.close}
        danger
        onConfirm={onClose}
        onClose={() => setAsked(false)}
      />
    ),
    onUnkept: setUnkept,
  };
}

/**
 * For what is shown this once, for as long as it is there.
 *
 * @returns to be called once it was kept; copying it with the keyboard counts as well
 */
export function useKeeping(onUnkept: OnUnkept): () => void {
  const kept = useCallback(() => onUnkept(false), [onUnkept]);
  useEffect(() => {
    onUnkept(true);
    if (Platform.OS === "web") document.addEventListener("copy", kept);
    return () => {
      if (Platform.OS === "web") document.removeEventListener("copy", kept);
      kept();
    };
  }, [onUnkept, kept]);
  return kept;
}
