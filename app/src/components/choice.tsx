/** Controls that switch something or choose one of a few. */

import { useId, useRef } from "react";
import { Pressable, StyleSheet, View } from "react-native";
import { radii, spacing, target, useTheme } from "../theme";
import { useKeyDown, type KeyEvent } from "../utilities/web";
import type { Focusable } from "./button";
import { Icon } from "./icon";
import { itemAfterKey } from "./menu";
import { Text } from "./text";

interface SwitchProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
  readonly disabled?: boolean;
  readonly testID?: string;
}

export function Checkbox({ label, hint, value, onChange, disabled, testID }: SwitchProps) {
  const { colours } = useTheme();
  return (
    <Pressable
      role="checkbox"
      aria-label={label}
      aria-checked={value}
      aria-disabled={disabled}
      accessibilityHint={hint}
      disabled={disabled}
      testID={testID}
      onPress={() => onChange(!value)}
      style={[styles.line, disabled === true && styles.disabled]}
    >
      <View
        style={[
          styles.box,
          value
            ? { backgroundColor: colours.accent, borderColor: colours.accent }
            : { backgroundColor: colours.surface, borderColor: colours.borderStrong },
        ]}
      >
        {value && <Icon name="check" size={16} tone="onAccent" />}
      </View>
      <Label label={label} hint={hint} />
    </Pressable>
  );
}

export function Switch({ label, hint, value, onChange, disabled, testID }: SwitchProps) {
  const { colours } = useTheme();
  return (
    <Pressable
      role="switch"
      aria-label={label}
      aria-checked={value}
      aria-disabled={disabled}
      accessibilityHint={hint}
      disabled={disabled}
      testID={testID}
      onPress={() => onChange(!value)}
      style={[styles.line, disabled === true && styles.disabled]}
    >
      <View
        style={[
          styles.track,
          value
            ? { backgroundColor: colours.accent, borderColor: colours.accent }
            : { backgroundColor: colours.surface, borderColor: colours.borderStrong },
        ]}
      >
        <View
          style={[
            styles.thumb,
            value
              ? { backgroundColor: colours.onAccent, marginLeft: 18 }
              : { backgroundColor: colours.borderStrong },
          ]}
        />
      </View>
      <Label label={label} hint={hint} />
    </Pressable>
  );
}

function Label({ label, hint }: { readonly label: string; readonly hint?: string }) {
  return (
    <View style={styles.grow}>
      <Text>{label}</Text>
      {hint !== undefined && (
        <Text variant="small" tone="textMuted">
          {hint}
        </Text>
      )}
    </View>
  );
}

export interface Option<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

/** One of a few, all seen at once. Arrows move the choice. */
export function SegmentedControl<Value extends string>({
  label,
  hideLabel = false,
  options,
  value,
  onChange,
}: {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly options: readonly Option<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}) {
  const { colours, shadows } = useTheme();
  const parts = useRef<(Focusable | null)[]>([]);
  const id = useId();
  const current = options.findIndex((option) => option.value === value);
  const keys = useKeyDown((event: KeyEvent) => {
    const key = { ArrowRight: "ArrowDown", ArrowLeft: "ArrowUp" }[event.key] ?? event.key;
    const next = itemAfterKey(
      key,
      current,
      options.map(() => ""),
    );
    const option = next === null ? undefined : options[next];
    if (next === null || option === undefined) return;
    event.preventDefault();
    onChange(option.value);
    parts.current[next]?.focus();
  });
  return (
    <View style={styles.field}>
      {!hideLabel && (
        <Text variant="label" nativeID={id}>
          {label}
        </Text>
      )}
      <View
        role="radiogroup"
        aria-label={label}
        {...keys}
        style={[styles.segments, { backgroundColor: colours.sunken, borderColor: colours.border }]}
      >
        {options.map((option, index) => {
          const chosen = option.value === value;
          return (
            <Pressable
              key={option.value}
              ref={(part) => {
                parts.current[index] = part;
              }}
              role="radio"
              aria-label={option.label}
              aria-checked={chosen}
              tabIndex={chosen || (current === -1 && index === 0) ? 0 : -1}
              onPress={() => onChange(option.value)}
              style={[
                styles.segment,
                chosen && { backgroundColor: colours.raised, borderColor: colours.borderStrong },
                chosen && shadows.card,
              ]}
            >
              <Text variant={chosen ? "label" : "small"} tone={chosen ? "text" : "textMuted"}>
                {option.label}
              </Text>
            </Pressable>
          );
        })}
      </View>
    </View>
  );
}

const styles = StyleSheet.create({
  line: { flexDirection: "row", alignItems: "center", gap: spacing.m, minHeight: target },
  box: {
    width: 22,
    height: 22,
    borderRadius: radii.s,
    borderWidth: 1.5,
    alignItems: "center",
    justifyContent: "center",
  },
  track: { width: 42, height: 24, borderRadius: radii.round, borderWidth: 1.5, padding: 2 },
  thumb: { width: 17, height: 17, borderRadius: radii.round },
  field: { gap: spacing.xs },
  segments: {
    flexDirection: "row",
    flexWrap: "wrap",
    padding: 3,
    gap: 2,
    borderRadius: radii.m,
    borderWidth: 1,
    alignSelf: "flex-start",
  },
  segment: {
    minHeight: target,
    paddingHorizontal: spacing.m,
    alignItems: "center",
    justifyContent: "center",
    borderRadius: radii.s + 1,
    borderWidth: 1,
    borderColor: "transparent",
  },
  disabled: { opacity: 0.5 },
  grow: { flex: 1 },
});
