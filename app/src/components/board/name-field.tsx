/** A line of text that is pressed to be changed in place: Enter or leaving it saves, Escape does not. */

import { useRef, useState } from "react";
import { Pressable, StyleSheet, View } from "react-native";
import { radii, spacing, useTheme } from "../../theme";
import { Icon } from "../icon";
import { Text, type TextVariant, type Tone } from "../text";
import { TextField } from "../text-field";

interface NameFieldProps {
  readonly value: string;
  /** Names the field. */
  readonly label: string;
  /** Names the button that opens it. */
  readonly action: string;
  /** Shown where the value is empty. */
  readonly placeholder?: string;
  readonly editable: boolean;
  readonly look: TextVariant | "title";
  readonly tone?: Tone;
  /** An empty value is not saved. */
  readonly required?: boolean;
  readonly maxLength: number;
  /** `begunOn`: what it was when the change was begun; somebody may have changed it since. */
  readonly onChange: (value: string, begunOn: string) => void;
}

export function NameField(props: NameFieldProps) {
  const { colours } = useTheme();
  const [open, setOpen] = useState(false);
  const { value, look, tone = "text" } = props;
  const empty = value === "";
  if (open) {
    return <NameEditor {...props} onClose={() => setOpen(false)} />;
  }
  const words = (
    <Text
      variant={look === "title" ? "strong" : look}
      tone={empty ? "textMuted" : tone}
      numberOfLines={2}
      style={[styles.shrink, look === "title" && styles.title]}
    >
      {empty ? (props.placeholder ?? "") : value}
    </Text>
  );
  if (!props.editable) {
    return empty ? null : words;
  }
  return (
    <Pressable
      role="button"
      aria-label={props.action}
      accessibilityHint={value}
      onPress={() => setOpen(true)}
      style={({ hovered }: { pressed: boolean; hovered?: boolean }) => [
        styles.button,
        hovered === true && { backgroundColor: colours.hover },
      ]}
    >
      {words}
      <View style={styles.pencil}>
        <Icon name="edit" size={14} tone="textMuted" />
      </View>
    </Pressable>
  );
}

function NameEditor({
  value,
  label,
  required = true,
  maxLength,
  onChange,
  onClose,
}: NameFieldProps & { readonly onClose: () => void }) {
  const [begunOn] = useState(value);
  const [draft, setDraft] = useState(value);
  // Leaving the field by Escape or Enter is told a second time, as a blur.
  const done = useRef(false);
  const finish = (save: boolean) => {
    if (done.current) {
      return;
    }
    done.current = true;
    const text = draft.trim();
    onClose();
    if (save && text !== begunOn && !(required && text === "")) {
      onChange(text, begunOn);
    }
  };
  return (
    <TextField
      label={label}
      hideLabel
      autoFocus
      value={draft}
      maxLength={maxLength}
      onChangeText={setDraft}
      onBlur={() => finish(true)}
      onSubmit={() => finish(true)}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.preventDefault();
          finish(false);
        }
      }}
      style={styles.field}
    />
  );
}

const styles = StyleSheet.create({
  field: { minWidth: 200, flexShrink: 1 },
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
  shrink: { flexShrink: 1 },
  title: { fontSize: 20, lineHeight: 26, fontWeight: "700" },
  pencil: { opacity: 0.8 },
});
