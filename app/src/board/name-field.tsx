/** A line of text that is pressed to be changed in place: Enter or leaving it saves, Escape does not. */

import { forwardRef, useId, useRef, useState } from "react";
import { Pressable, StyleSheet, View } from "react-native";
import type { DraftKey } from "../state/drafts";
import { radii, spacing, useTheme } from "../theme";
import { pressedKey } from "../utilities/keys";
import { lengthOf } from "../utilities/limits";
import { useTexts } from "../utilities/texts";
import { seenLine } from "../utilities/visible";
import { described } from "../utilities/web";
import { Icon, type IconName } from "../components/icon";
import { Text, type TextVariant, type Tone } from "../components/text";
import { TextField } from "../components/text-field";
import { useEditInPlace, type EditInPlace } from "./edit-in-place";

interface Look {
  readonly value: string;
  /** Shown where the value is empty. */
  readonly placeholder?: string;
  readonly look: TextVariant | "title";
  readonly tone?: Tone;
  /** How many lines are shown at most, 1 where it is left out. */
  readonly lines?: number;
}

interface NameFieldProps extends Look {
  /** Names the field. */
  readonly label: string;
  /** Names the button that opens it. */
  readonly action: string;
  readonly editable: boolean;
  /** Where what is typed is kept until it is saved. */
  readonly draft: DraftKey;
  readonly maxLength: number;
  /** `begunOn`: what it was when the change was begun; somebody may have changed it since. */
  readonly onChange: (value: string, begunOn: string) => void;
}

export function NameField(props: NameFieldProps) {
  const [edit, opener] = useEditInPlace(props.draft, props.value);
  if (!props.editable) {
    return props.value === "" ? null : <Words {...props} />;
  }
  if (edit.editing) {
    return <NameEditor {...props} edit={edit} />;
  }
  return <ValueButton ref={opener} {...props} onPress={edit.open} />;
}

/** A value that is pressed, with a sign of what that does: by default it is changed in its place. */
export const ValueButton = forwardRef<
  View,
  Look & {
    readonly action: string;
    readonly icon?: IconName;
    readonly expanded?: boolean;
    readonly onPress: () => void;
  }
>(function ValueButton({ action, icon = "edit", expanded, onPress, ...look }, ref) {
  const { colours } = useTheme();
  const id = useId();
  return (
    <Pressable
      ref={ref}
      role="button"
      aria-label={action}
      aria-expanded={expanded}
      {...described(id, look.value)}
      onPress={onPress}
      style={({ hovered }: { pressed: boolean; hovered?: boolean }) => [
        styles.button,
        hovered === true && { backgroundColor: colours.hover },
      ]}
    >
      <Words {...look} id={id} />
      <View style={styles.sign}>
        <Icon name={icon} size={14} tone="textMuted" />
      </View>
    </Pressable>
  );
});

function Words({
  value,
  placeholder = "",
  look,
  tone = "text",
  lines = 1,
  id,
}: Look & { readonly id?: string }) {
  const empty = value === "";
  return (
    <Text
      variant={look === "title" ? "strong" : look}
      tone={empty ? "textMuted" : tone}
      numberOfLines={lines}
      nativeID={id}
      style={[styles.shrink, look === "title" && styles.title]}
    >
      {empty ? placeholder : value}
    </Text>
  );
}

/** The field itself, while it is open. */
export function NameEditor({
  edit,
  label,
  maxLength,
  onChange,
}: Pick<NameFieldProps, "label" | "maxLength" | "onChange"> & {
  readonly edit: EditInPlace;
}) {
  const texts = useTexts().kit;
  const { draft } = edit;
  const [fromBefore] = useState(draft.dirty);
  // Leaving the field by Escape or Enter is reported a second time, as a blur.
  const done = useRef(false);
  const text = seenLine(draft.value);
  const length = lengthOf(text);
  const tooLong = length > maxLength;
  const finish = (save: boolean, byKey: boolean) => {
    if (done.current || (save && tooLong)) {
      return;
    }
    done.current = true;
    edit.close(byKey);
    if (save && text !== draft.base && text !== "") {
      onChange(text, draft.base);
    }
  };
  return (
    <TextField
      label={label}
      hideLabel
      autoFocus={!fromBefore}
      value={draft.value}
      error={tooLong ? texts.tooLong(length, maxLength) : null}
      hint={fromBefore ? texts.draftWaits : undefined}
      onChangeText={draft.set}
      onBlur={() => finish(true, false)}
      onSubmit={() => finish(true, true)}
      onKeyDown={(event) => {
        if (pressedKey(event) === "Escape") {
          event.preventDefault();
          finish(false, true);
        }
      }}
      style={styles.field}
    />
  );
}

const styles = StyleSheet.create({
  field: { minWidth: 160, flexGrow: 1, flexShrink: 1, maxWidth: 480 },
  button: {
    flexDirection: "row",
    alignItems: "center",
    gap: spacing.xs,
    minHeight: 28,
    paddingHorizontal: spacing.xs,
    marginLeft: -spacing.xs,
    borderRadius: radii.s,
    flexShrink: 1,
    maxWidth: "100%",
  },
  shrink: { flexShrink: 1, minWidth: 0 },
  title: { fontSize: 20, lineHeight: 26, fontWeight: "700" },
  sign: { opacity: 0.8 },
});
