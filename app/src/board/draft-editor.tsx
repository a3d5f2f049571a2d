/**
 * A field being written, over a task that others change meanwhile: the draft is kept on the device,
 * and where both changed the field both are shown, with a choice.
 */

import { useRef, type ReactNode } from "react";
import { StyleSheet, View } from "react-native";
import { Badge, Button, Text, TextField, type Focusable } from "../components";
import { Collision } from "./trouble/collision";
import type { EditInPlace } from "./edit-in-place";
import { webStyle } from "./web-style";
import { useDraftsAtRisk } from "../state/drafts";
import { spacing, useLayout, useTheme } from "../theme";
import { combineLines, combineTexts } from "../utilities/combine";
import { pressedKey } from "../utilities/keys";
import { lengthOf } from "../utilities/limits";
import { trimmedLines } from "../utilities/lines";
import { useTexts } from "../utilities/texts";
import { canBeSeen, seenLine } from "../utilities/visible";
import { onWeb, type KeyEvent } from "../utilities/web";

export function DraftEditor({
  edit,
  current,
  label,
  hint,
  lines = 1,
  maxLength,
  missing,
  tools,
  preview,
  onSave,
}: {
  readonly edit: EditInPlace;
  /** What the board says it is now. */
  readonly current: string;
  readonly label: string;
  readonly hint?: string;
  readonly lines?: number;
  readonly maxLength: number;
  /** What to say where it is empty; without it, it may be. */
  readonly missing?: string;
  /** Above the field. */
  readonly tools?: ReactNode;
  /** Shown in the field's place. */
  readonly preview?: ReactNode;
  readonly onSave: (value: string) => void;
}) {
  const { draft } = edit;
  const { low } = useLayout();
  const field = useRef<Focusable>(null);
  const value = lines === 1 ? seenLine(draft.value) : trimmedLines(draft.value);
  const error = useDraftError(value, maxLength, missing);
  const cancel = () => edit.close();
  const save = () => {
    if (error === null && !draft.theirsChanged) {
      cancel();
      if (value !== current) {
        onSave(value);
      }
    }
  };
  const onKey = (event: KeyEvent) => {
    const key = pressedKey(event);
    if (key === "Escape") {
      event.preventDefault();
      edit.putAside();
    } else if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      save();
    }
  };
  const keepMine = () => {
    draft.rebase();
    field.current?.focus();
  };
  const combine = () => {
    const { base, value: mine } = draft;
    draft.rebase();
    draft.set(lines > 1 ? combineTexts(base, mine, current) : combineLines(mine, current));
    field.current?.focus();
  };
  return (
    // In the preview as well; and on the web the field itself does not report its keys.
    <View style={styles.all} {...onWeb({ onKeyDownCapture: onKey })}>
      {tools}
      {preview ?? (
        <TextField
          ref={field}
          label={label}
          hint={hint}
          error={error}
          autoFocus={edit.byHand}
          lines={lines}
          value={draft.value}
          onChangeText={draft.set}
          onSubmit={lines === 1 ? save : undefined}
        />
      )}
      {preview !== undefined && error !== null && (
        <Text variant="small" tone="danger" role="alert">
          {error}
        </Text>
      )}
      {draft.theirsChanged && (
        <Collision
          mine={draft.value}
          theirs={current}
          onKeepMine={keepMine}
          onTakeTheirs={cancel}
          onCombine={combine}
        />
      )}
      <Actions
        dirty={draft.dirty}
        // In a low window it would cover the line that is typed; in the preview nothing is.
        inReach={tools !== undefined && (!low || preview !== undefined)}
        blocked={error !== null || draft.theirsChanged}
        onSave={save}
        onCancel={cancel}
      />
    </View>
  );
}

/** Says at a value that is not being written that a draft of it waits. */
export function DraftMark({ edit }: { readonly edit: EditInPlace }) {
  const { draft } = useTexts().task;
  return edit.aside && <Badge tone="info" icon="edit" label={draft} />;
}

/** What is wrong with a text, in words. */
function useDraftError(value: string, maxLength: number, missing?: string): string | null {
  const { tooLong } = useTexts().kit;
  const length = lengthOf(value);
  if (length > maxLength) {
    return tooLong(length, maxLength);
  }
  return canBeSeen(value) ? null : (missing ?? null);
}

function Actions({
  dirty,
  inReach,
  blocked,
  onSave,
  onCancel,
}: {
  readonly dirty: boolean;
  /** However long what is above is, they stay at the bottom of the window. */
  readonly inReach: boolean;
  /** It cannot be saved as it is. */
  readonly blocked: boolean;
  readonly onSave: () => void;
  readonly onCancel: () => void;
}) {
  const { colours } = useTheme();
  const texts = useTexts().task;
  const atRisk = useDraftsAtRisk();
  return (
    <View
      style={[styles.actions, inReach && [styles.inReach, { backgroundColor: colours.background }]]}
    >
      <Button kind="primary" size="small" label={texts.save} disabled={blocked} onPress={onSave} />
      <Button
        kind="quiet"
        size="small"
        label={dirty ? texts.discardDraft : texts.cancel}
        onPress={onCancel}
      />
      {dirty && !atRisk && (
        <Text variant="caption" tone="textMuted">
          {texts.draftKept}
        </Text>
      )}
    </View>
  );
}

const styles = StyleSheet.create({
  all: { gap: spacing.s },
  actions: { flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.s },
  inReach: { ...webStyle({ position: "sticky", bottom: 0 }), paddingVertical: spacing.xs },
});
