/** A day: the browser's own field, which every keyboard, phone and screen reader knows. */

import { forwardRef, useId, useImperativeHandle, useRef } from "react";
import { StyleSheet, View } from "react-native";
import { radii, spacing, target, useTheme } from "../theme";
import { pressedKey } from "../utilities/keys";
import type { Focusable } from "./button";
import { Text } from "./text";
import { useTypedDay, type DayInputProps } from "./typed-day";

/** Keys that open the browser's calendar, leave the field, or do nothing by themselves. */
const NO_TYPING = new Set([" ", "F4", "Tab", "Enter", "Escape", "Shift", "Control", "Alt", "Meta"]);

export const DayInput = forwardRef<Focusable, DayInputProps>(function DayInput(props, ref) {
  const { label, hint, error } = props;
  const { colours, type, scheme } = useTheme();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useImperativeHandle(ref, () => ({ focus: () => input.current?.focus() }));
  const typed = useTypedDay(props);
  const note = error ?? hint;
  // A day that is half typed or not in the calendar is "" too, as a field that is empty.
  const read = ({ value, validity }: HTMLInputElement) => (validity.badInput ? null : value);
  return (
    <View style={styles.field}>
      <label htmlFor={id}>
        <Text variant="label">{label}</Text>
      </label>
      <input
        id={id}
        ref={input}
        type="date"
        min="0001-01-01"
        max="9999-12-31"
        aria-invalid={error !== null || undefined}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        value={typed.value}
        onChange={({ target: field }) => {
          // Each key may make another day of it: only one that is picked is meant at once.
          const now = read(field);
          if (typed.typing || now === null) {
            typed.begin();
            typed.type(now);
          } else {
            typed.leave(now);
          }
        }}
        onBlur={(event) => typed.leave(read(event.currentTarget))}
        onKeyDown={(event) => {
          const key = pressedKey(event);
          if (key === "Enter" || key === "Escape") {
            const now = read(event.currentTarget);
            // What is half typed cannot be kept: it is said before the task is closed.
            if (key === "Escape" && now === null && error === null) event.preventDefault();
            typed.leave(now);
          } else if (!NO_TYPING.has(key) && !event.altKey) {
            typed.begin();
          }
        }}
        style={{
          width: "100%",
          boxSizing: "border-box",
          minHeight: Math.max(40, target),
          padding: `0 ${spacing.m}px`,
          borderWidth: 1,
          borderStyle: "solid",
          borderRadius: radii.m,
          borderColor: colours.borderStrong,
          backgroundColor: colours.surface,
          color: colours.text,
          colorScheme: scheme,
          fontFamily: type.family,
          fontSize: type.body.fontSize,
        }}
      />
      {note !== undefined && (
        <Text
          variant="small"
          tone={error === null ? "textMuted" : "danger"}
          role={error === null ? undefined : "alert"}
          nativeID={`${id}-note`}
        >
          {note}
        </Text>
      )}
    </View>
  );
});

const styles = StyleSheet.create({
  field: { gap: spacing.xs, flexGrow: 1, flexShrink: 1, flexBasis: 140, minWidth: 0 },
});
