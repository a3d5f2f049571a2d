/** A day: the browser's own field, which every keyboard, phone and screen reader knows. */

import { forwardRef, useId, useImperativeHandle, useRef } from "react";
import { StyleSheet, View } from "react-native";
import { Text, type Focusable } from "../../components";
import { radii, spacing, target, useTheme } from "../../theme";
import { pressedKey } from "../../utilities/keys";
import type { DayInputProps } from "./day-input";
import { useTypedDay } from "./typed-day";

export const DayInput = forwardRef<Focusable, DayInputProps>(function DayInput(
  { label, hint, error, day, onDay },
  ref,
) {
  const { colours, type, scheme } = useTheme();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useImperativeHandle(ref, () => ({ focus: () => input.current?.focus() }));
  const [typed, setTyped] = useTypedDay(day);
  const note = error ?? hint;
  // A day that is half typed or not in the calendar is "" too, as a field that is empty.
  const leave = ({ value, validity }: HTMLInputElement) => onDay(validity.badInput ? null : value);
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
        value={typed}
        onChange={({ target: field }) => {
          setTyped(field.value);
          if (isPicked(field)) leave(field);
        }}
        onBlur={(event) => leave(event.currentTarget)}
        onKeyDown={(event) => {
          const key = pressedKey(event);
          if (key !== "Enter" && key !== "Escape") return;
          // What is half typed cannot be kept: it is said before the task is closed.
          const untold = event.currentTarget.validity.badInput && error === null;
          if (key === "Escape" && untold) event.preventDefault();
          leave(event.currentTarget);
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

/**
 * Whether it is what somebody means: a day in the calendar, or none. While a year is typed the browser
 * tells each of its digits as a year of its own.
 */
function isPicked({ value, validity }: HTMLInputElement): boolean {
  return value === "" ? !validity.badInput : value >= "1000";
}

const styles = StyleSheet.create({
  field: { gap: spacing.xs, flexGrow: 1, flexShrink: 1, flexBasis: 140, minWidth: 0 },
});
