/** What every value that is changed in its place has: its draft, whether it is open, the way back. */

import { useState } from "react";
import { useDraft, type DraftField, type DraftKey } from "../state/drafts";
import { useReturnFocus } from "../utilities/focus";
import type { Focusable } from "../components/button";

export interface EditInPlace {
  readonly draft: DraftField;
  readonly editing: boolean;
  /** The person has opened it, rather than a draft from before: it takes the keyboard. */
  readonly byHand: boolean;
  /** It is closed, and its draft waits. */
  readonly aside: boolean;
  open(): void;
  /** Gives the draft up. `byKey`: not by leaving it for something else, so that the keyboard goes to the opener. */
  close(byKey?: boolean): void;
  /** Closes it and keeps the draft. */
  putAside(): void;
}

/**
 * @param current what the board says it is, now
 * @param atOnce asked once: whether it is to be open from the beginning
 * @returns also the `ref` of the control that opens the editor
 */
export function useEditInPlace(
  key: DraftKey,
  current: string,
  atOnce: () => boolean = () => false,
): readonly [EditInPlace, (opener: Focusable | null) => void] {
  const draft = useDraft(key, current);
  const [mode, setMode] = useState<"closed" | "open" | "found" | "aside">(() =>
    atOnce() ? "open" : "closed",
  );
  const [opener, giveBack] = useReturnFocus();
  // A draft from before opens its editor. It stays open when the draft is typed back to what was.
  if (draft.dirty && mode === "closed") {
    setMode("found");
  } else if (!draft.dirty && mode === "aside") {
    setMode("closed");
  }
  const edit = {
    draft,
    editing: mode === "open" || mode === "found",
    byHand: mode === "open",
    aside: mode === "aside",
    open: () => setMode("open"),
    close: (byKey = true) => {
      draft.clear();
      setMode("closed");
      if (byKey) {
        giveBack();
      }
    },
    putAside: () => {
      setMode(draft.dirty ? "aside" : "closed");
      giveBack();
    },
  };
  return [edit, opener];
}
