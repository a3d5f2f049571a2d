/** A board's description: one line beside its name where there is room, and on request all of it below. */

import { useState } from "react";
import { ScrollView, StyleSheet, View } from "react-native";
import { Button, Text, type Focusable } from "../components";
import { useBoardParts } from "./board-context";
import { useEditInPlace, type EditInPlace } from "./edit-in-place";
import { ValueButton } from "./name-field";
import { useHeadField } from "../state/hooks";
import { radii, spacing, useLayout, useTheme } from "../theme";
import { useReturnFocus } from "../utilities/focus";
import { LIMITS } from "../utilities/limits";
import { useTexts } from "../utilities/texts";
import { onWeb } from "../utilities/web";
import { DraftEditor, DraftMark } from "./draft-editor";

/** How much of the window's height it takes at most; the rest is scrolled to. */
const SHARE = 0.4;

/**
 * @param leave brings the keyboard to the menu, where what had it goes
 * @returns what is in the board's row, what is below it, and what the menu offers
 */
export function useDescription(leave: () => void) {
  const { board, mayEdit } = useBoardParts();
  const texts = useTexts().board;
  const value = useHeadField(board, "description") ?? "";
  const key = { address: board.address, task: null, field: "description" };
  const [edit, opener] = useEditInPlace(key, value);
  const [open, setOpen] = useState(false);
  const [line, toLine] = useReturnFocus();
  const wide = useLayout().layout === "wide";
  if (board.address.mode !== "teams") {
    return { line: null, below: null, ask: null };
  }
  const editing = mayEdit && edit.editing;
  const roomy = wide && value !== "" && !editing;
  const back = roomy ? toLine : leave;
  const whole = !editing && ((open && value !== "") || (mayEdit && edit.aside));
  /** Where what opened the editor is not there any more. */
  const closed = () => {
    if (value === "" || !open) back();
  };
  const fold = () => {
    setOpen(false);
    back();
  };
  const begin = () => {
    setOpen(!wide);
    edit.open();
  };
  return {
    line: roomy ? (
      <ValueButton
        ref={line}
        look="small"
        tone="textMuted"
        value={value}
        action={texts.description}
        icon={open ? "up" : "down"}
        expanded={open}
        onPress={() => setOpen(!open)}
      />
    ) : null,
    below: editing ? (
      <Editor edit={withEnd(edit, closed)} value={value} />
    ) : (
      whole && <Whole {...{ value, edit, opener }} onFold={value === "" ? null : fold} />
    ),
    ask:
      roomy || editing || whole || (value === "" && !mayEdit)
        ? null
        : value === ""
          ? { label: texts.describe, open: begin }
          : { label: texts.description, open: () => setOpen(true) },
  };
}

/** The same, which says when it is closed. */
function withEnd(edit: EditInPlace, onEnd: () => void): EditInPlace {
  return {
    ...edit,
    close: (byKey) => {
      edit.close(byKey);
      onEnd();
    },
    putAside: () => {
      edit.putAside();
      onEnd();
    },
  };
}

function Editor({ edit, value }: { readonly edit: EditInPlace; readonly value: string }) {
  const { board } = useBoardParts();
  const texts = useTexts();
  return (
    <View style={styles.editor}>
      <DraftEditor
        edit={edit}
        current={value}
        label={texts.board.description}
        hint={texts.task.keySaves}
        lines={4}
        maxLength={LIMITS.description}
        onSave={(description) => board.changeBoard({ description })}
      />
    </View>
  );
}

function Whole({
  value,
  edit,
  opener,
  onFold,
}: {
  readonly value: string;
  readonly edit: EditInPlace;
  readonly opener: (control: Focusable | null) => void;
  /** null: there is nothing to fold. */
  readonly onFold: (() => void) | null;
}) {
  const { mayEdit } = useBoardParts();
  const { board: texts, task } = useTexts();
  const { colours } = useTheme();
  const { height } = useLayout();
  return (
    <View
      role="group"
      aria-label={texts.description}
      style={[styles.whole, { backgroundColor: colours.surface, borderColor: colours.border }]}
    >
      {value !== "" && (
        <ScrollView style={{ maxHeight: SHARE * height }} {...onWeb({ tabIndex: 0 })}>
          <Text selectable>{value}</Text>
        </ScrollView>
      )}
      <View style={styles.buttons}>
        {mayEdit && (
          <Button
            ref={opener}
            kind="quiet"
            size="small"
            icon="edit"
            label={value === "" ? texts.describe : task.editDescription}
            onPress={edit.open}
          />
        )}
        {mayEdit && <DraftMark edit={edit} />}
        {onFold !== null && (
          <Button kind="quiet" size="small" icon="up" label={task.showLess} onPress={onFold} />
        )}
      </View>
    </View>
  );
}

const styles = StyleSheet.create({
  editor: { maxWidth: 720, width: "100%" },
  whole: {
    maxWidth: 720,
    width: "100%",
    padding: spacing.m,
    gap: spacing.s,
    borderWidth: 1,
    borderRadius: radii.m,
  },
  buttons: { flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.s },
});
