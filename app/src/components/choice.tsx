/** The control that chooses one of a few. */

import { useId, useRef } from "react";
import { Pressable, StyleSheet, View } from "react-native";
import { radii, spacing, target, useTheme } from "../theme";
import { pressedBySpace, useKeyDown, type KeyEvent } from "../utilities/web";
import type { Focusable } from "./button";
import { itemAfterKey } from "./menu";
import { Text } from "./text";

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
              {...pressedBySpace(() => onChange(option.value))}
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
});
