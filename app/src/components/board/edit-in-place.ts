/** What every value that is changed in its place has: its draft, whether it is open, the way back. */

import { useState } from "react";
import { useDraft, type DraftField, type DraftKey } from "../../state/drafts";
import { useReturnFocus } from "../../utilities/focus";
import type { Focusable } from "../button";

export interface EditInPlace {
  readonly draft: DraftField;
  readonly editing: boolean;
  open(): void;
  /** `byKey`: not by leaving it for something else, so that the keyboard goes to the opener. */
  close(byKey?: boolean): void;
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
  const [editing, setEditing] = useState(atOnce);
  const [opener, giveBack] = useReturnFocus();
  // A draft from before opens its editor. It stays open when the draft is typed back to what was.
  if (draft.dirty && !editing) {
    setEditing(true);
  }
  const edit = {
    draft,
    editing,
    open: () => setEditing(true),
    close: (byKey = true) => {
      draft.clear();
      setEditing(false);
      if (byKey) {
        giveBack();
      }
    },
  };
  return [edit, opener];
}
