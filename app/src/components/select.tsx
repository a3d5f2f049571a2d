/** One of many: on phones a sheet with the list, on the web the browser's own control. */

import { useState } from "react";
import { Pressable, StyleSheet, View } from "react-native";
import { radii, spacing, target, useTheme } from "../theme";
import { useTexts } from "../utilities/texts";
import { pressedBySpace } from "../utilities/web";
import { Sheet } from "./dialog";
import { Icon } from "./icon";
import { SelectNotes, type SelectProps } from "./select-notes";
import { Text } from "./text";

export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, options, value, onChange, disabled = false } = props;
  const { colours } = useTheme();
  const texts = useTexts();
  const [open, setOpen] = useState(false);
  const chosen = options.find((option) => option.value === value);
  return (
    <View style={[styles.field, props.style]}>
      {props.hideLabel !== true && <Text variant="label">{label}</Text>}
      <Pressable
        role="combobox"
        aria-label={label}
        aria-expanded={open}
        aria-valuetext={chosen?.label ?? texts.kit.choose}
        disabled={disabled}
        onPress={() => setOpen(true)}
        {...pressedBySpace(() => setOpen(true))}
        style={[
          styles.box,
          { backgroundColor: colours.surface, borderColor: colours.borderStrong },
          disabled && styles.disabled,
        ]}
      >
        <Text style={styles.grow} numberOfLines={1}>
          {chosen?.label ?? texts.kit.choose}
        </Text>
        <Icon name="down" size={18} tone="textMuted" />
      </Pressable>
      <SelectNotes hint={props.hint} error={props.error} />
      {open && (
        <Sheet title={label} onClose={() => setOpen(false)}>
          <View role="radiogroup" aria-label={label}>
            {options.map((option) => {
              const choose = () => {
                setOpen(false);
                onChange(option.value);
              };
              return (
                <Pressable
                  key={option.value}
                  role="radio"
                  aria-label={option.label}
                  aria-checked={option.value === value}
                  style={styles.option}
                  onPress={choose}
                  {...pressedBySpace(choose)}
                >
                  <Text style={styles.grow}>{option.label}</Text>
                  {option.value === value && <Icon name="check" tone="accent" />}
                </Pressable>
              );
            })}
          </View>
        </Sheet>
      )}
    </View>
  );
}

const styles = StyleSheet.create({
  field: { gap: spacing.xs },
  box: {
    flexDirection: "row",
    alignItems: "center",
    gap: spacing.s,
    minHeight: Math.max(40, target),
    paddingHorizontal: spacing.m,
    borderWidth: 1,
    borderRadius: radii.m,
  },
  option: { flexDirection: "row", alignItems: "center", minHeight: 48, gap: spacing.m },
  disabled: { opacity: 0.6 },
  grow: { flex: 1 },
});
