/** Adds tasks at the end of a column: Enter adds and stays, Escape closes, the draft is kept. */

import { useEffect, useRef, useState } from "react";
import { StyleSheet, View } from "react-native";
import type { Column, OpenBoard } from "../../sync";
import { useDraft, type DraftKey } from "../../state/drafts";
import { spacing } from "../../theme";
import { useReturnFocus } from "../../utilities/focus";
import { pressedKey } from "../../utilities/keys";
import { LIMITS, lengthOf } from "../../utilities/limits";
import { useTexts } from "../../utilities/texts";
import { seenLine } from "../../utilities/visible";
import { Button, IconButton, type Focusable } from "../../components/button";
import { TextField } from "../../components/text-field";
import { useBoardParts } from "../board-context";

export function QuickAdd({
  column,
  open,
  onOpen,
}: {
  readonly column: Column;
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
}) {
  const texts = useTexts().board;
  const { board } = useBoardParts();
  const { dirty } = useDraft(keyOf(board, column), "");
  const [opener, giveBack] = useReturnFocus();
  if (!open) {
    return (
      <Button
        ref={opener}
        kind="quiet"
        icon={dirty ? "edit" : "add"}
        size="small"
        label={dirty ? `${texts.addTask} · ${texts.unsavedDraft}` : texts.addTask}
        accessibilityLabel={
          dirty
            ? `${texts.addTaskTo(column.name)}. ${texts.unsavedDraft}`
            : texts.addTaskTo(column.name)
        }
        onPress={() => onOpen(true)}
        web={{ dataSet: { nearFocus: "" } }}
        style={styles.button}
      />
    );
  }
  const close = () => {
    onOpen(false);
    giveBack();
  };
  return <AddForm column={column} onClose={close} />;
}

/** Where the title that is being typed is kept. */
const keyOf = (board: OpenBoard, column: Column): DraftKey => ({
  address: board.address,
  task: null,
  field: `new/${column.key}`,
});

function AddForm({ column, onClose }: { readonly column: Column; readonly onClose: () => void }) {
  const { board, commands } = useBoardParts();
  const { board: texts, kit } = useTexts();
  const field = useRef<Focusable>(null);
  const draft = useDraft(keyOf(board, column), "");
  const [error, setError] = useState<string | null>(null);
  useEffect(() => field.current?.focus(), []);
  const add = () => {
    const title = seenLine(draft.value);
    if (title === "") {
      return;
    }
    const length = lengthOf(title);
    if (length > LIMITS.title) {
      setError(kit.tooLong(length, LIMITS.title));
    } else if (commands.add(title, column)) {
      draft.clear();
      setError(null);
      field.current?.focus();
    }
  };
  return (
    <View style={styles.form}>
      <TextField
        ref={field}
        label={texts.newTitle}
        hideLabel
        placeholder={texts.newTitle}
        hint={texts.newHint}
        error={error}
        value={draft.value}
        onChangeText={(value) => {
          draft.set(value);
          setError(null);
        }}
        onKeyDown={(event) => {
          const key = pressedKey(event);
          if (key === "Enter") {
            event.preventDefault();
            add();
          } else if (key === "Escape") {
            event.preventDefault();
            onClose();
          }
        }}
        onSubmit={add}
      />
      <View style={styles.actions}>
        <Button kind="primary" size="small" label={texts.add} onPress={add} />
        <IconButton icon="close" label={texts.closeAdd} onPress={onClose} />
      </View>
    </View>
  );
}

const styles = StyleSheet.create({
  button: { alignSelf: "stretch", justifyContent: "flex-start" },
  form: { gap: spacing.s },
  actions: { flexDirection: "row", gap: spacing.s },
});
