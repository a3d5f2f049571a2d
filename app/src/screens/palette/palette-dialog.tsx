/** A field, and below it what its text finds: chosen by arrows and Enter in the field, or pressed (a combobox of ARIA). */

import { useId, useState } from "react";
import { Pressable, StyleSheet, View } from "react-native";
import { Dialog, Icon, Text, TextField } from "../../components";
import { radii, spacing, target, useTheme } from "../../theme";
import { pressedKey } from "../../utilities/keys";
import { usePaletteTexts } from "../../utilities/texts/palette";
import { onWeb, pressedBySpace, type KeyEvent } from "../../utilities/web";
import { type Entry, found, GROUPS } from "./entries";
import { useEntries } from "./use-entries";

export function PaletteDialog({ onClose }: { readonly onClose: () => void }) {
  const texts = usePaletteTexts();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const shown = found(useEntries(), text);
  const choose = (entry: Entry | undefined) => {
    if (entry === undefined) return;
    onClose();
    // Once the keyboard is back where it was: an action may move it from there.
    setTimeout(entry.run, 0);
  };
  const onKey = (event: KeyEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[pressedKey(event)];
    if (step !== undefined && shown.length > 0) {
      event.preventDefault();
      setAt((at + step + shown.length) % shown.length);
    }
  };
  return (
    <Dialog title={texts.title} onClose={onClose} width={560}>
      <TextField
        label={texts.field}
        hideLabel
        placeholder={texts.field}
        icon="search"
        autoFocus
        value={text}
        onChangeText={(typed) => {
          setText(typed);
          setAt(0);
        }}
        onSubmit={() => choose(shown[at])}
        onKeyDown={onKey}
        web={{
          role: "combobox",
          "aria-autocomplete": "list",
          "aria-expanded": shown.length > 0,
          "aria-controls": shown.length > 0 ? id : undefined,
          "aria-activedescendant": shown.length > 0 ? `${id}-${at}` : undefined,
        }}
      />
      {shown.length === 0 ? (
        <Text role="status" tone="textMuted">
          {texts.nothing}
        </Text>
      ) : (
        <View {...onWeb({ role: "listbox" })} nativeID={id} aria-label={texts.found}>
          {GROUPS.map((group) => {
            const entries = shown.filter((entry) => entry.group === group);
            return entries.length === 0 ? null : (
              <View key={group} role="group" aria-label={texts.groups[group]}>
                <Text variant="label" tone="textMuted" aria-hidden style={styles.group}>
                  {texts.groups[group]}
                </Text>
                {entries.map((entry) => (
                  <Option
                    key={entry.id}
                    id={`${id}-${shown.indexOf(entry)}`}
                    entry={entry}
                    reached={shown[at] === entry}
                    onChoose={() => choose(entry)}
                  />
                ))}
              </View>
            );
          })}
        </View>
      )}
    </Dialog>
  );
}

function Option({
  id,
  entry: { icon, label, note },
  reached,
  onChoose,
}: {
  readonly id: string;
  readonly entry: Entry;
  /** The keyboard has reached it. */
  readonly reached: boolean;
  readonly onChoose: () => void;
}) {
  const { colours } = useTheme();
  return (
    <Pressable
      role="option"
      nativeID={id}
      aria-label={note === "" ? label : `${label}, ${note}`}
      aria-selected={reached}
      onPress={onChoose}
      {...pressedBySpace(onChoose)}
      // The keyboard stays in the field.
      {...onWeb({ tabIndex: -1, onMouseDown: (event) => event.preventDefault() })}
      style={({ hovered }: { pressed: boolean; hovered?: boolean }) => [
        styles.option,
        (hovered === true || reached) && { backgroundColor: colours.pressed },
      ]}
    >
      <Icon name={icon} size={18} tone="textMuted" />
      <Text numberOfLines={1} style={styles.label}>
        {label}
      </Text>
      <Text variant="small" tone="textMuted" numberOfLines={1} style={styles.note}>
        {note}
      </Text>
    </Pressable>
  );
}

const styles = StyleSheet.create({
  group: { paddingTop: spacing.m, paddingBottom: spacing.xs },
  option: {
    minHeight: target,
    flexDirection: "row",
    alignItems: "center",
    gap: spacing.m,
    paddingHorizontal: spacing.s,
    borderRadius: radii.s,
  },
  label: { flexGrow: 1, flexShrink: 1, minWidth: 0 },
  note: { flexShrink: 2, minWidth: 0 },
});
