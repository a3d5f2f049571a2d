/** Adds columns at the end of the board: Enter adds and stays, Escape closes, the draft is kept. */

import { useEffect, useRef, useState } from "react";
import { StyleSheet, View } from "react-native";
import { useDraft } from "../../state/drafts";
import { radii, spacing, useTheme } from "../../theme";
import { useReturnFocus } from "../../utilities/focus";
import { pressedKey } from "../../utilities/keys";
import { lengthOf } from "../../utilities/limits";
import { useTexts } from "../../utilities/texts";
import { seenLine } from "../../utilities/visible";
import { Button, IconButton, type Focusable } from "../../components/button";
import { TextField } from "../../components/text-field";
import { useBoardParts } from "../board-context";
import { addColumnWidth } from "./column-width";
import { MAX_COLUMN_NAME } from "./columns-draft";

/** @param onGrown called when there is more to see at the end of the row */
export function AddColumn({ onGrown }: { readonly onGrown: () => void }) {
  const texts = useTexts().board;
  const [open, setOpen] = useState(false);
  const [opener, giveBack] = useReturnFocus();
  if (!open) {
    return (
      <View style={[styles.closed, { width: addColumnWidth(texts.addColumn) }]}>
        <Button
          ref={opener}
          kind="quiet"
          icon="add"
          label={texts.addColumn}
          onPress={() => setOpen(true)}
        />
      </View>
    );
  }
  const close = () => {
    setOpen(false);
    giveBack();
  };
  return <AddForm onClose={close} onGrown={onGrown} />;
}

function AddForm({
  onClose,
  onGrown,
}: {
  readonly onClose: () => void;
  readonly onGrown: () => void;
}) {
  const { board, columnChanges } = useBoardParts();
  const { board: texts, kit } = useTexts();
  const { colours } = useTheme();
  const field = useRef<Focusable>(null);
  const draft = useDraft({ address: board.address, task: null, field: "column-new" }, "");
  const name = seenLine(draft.value);
  const tooLong = lengthOf(name) > MAX_COLUMN_NAME;
  useEffect(() => {
    field.current?.focus();
    onGrown();
  }, [onGrown]);
  const add = () => {
    if (name !== "" && !tooLong && columnChanges.add(name)) {
      draft.clear();
      field.current?.focus();
      onGrown();
    }
  };
  return (
    <View style={[styles.form, { backgroundColor: colours.sunken, borderColor: colours.border }]}>
      <TextField
        ref={field}
        label={texts.newColumnName}
        hideLabel
        placeholder={texts.newColumnName}
        hint={texts.newHint}
        error={tooLong ? kit.tooLong(lengthOf(name), MAX_COLUMN_NAME) : null}
        value={draft.value}
        onChangeText={draft.set}
        onKeyDown={(event) => {
          if (pressedKey(event) === "Escape") {
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
  closed: { alignItems: "flex-start" },
  form: {
    alignSelf: "flex-start",
    width: 260,
    gap: spacing.s,
    padding: spacing.s,
    borderWidth: 1,
    borderRadius: radii.l,
  },
  actions: { flexDirection: "row", gap: spacing.s },
});
