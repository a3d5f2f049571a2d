/** A day, typed as YYYY-MM-DD. (On the web it is the browser's own field for days.) */

import { forwardRef } from "react";
import { StyleSheet } from "react-native";
import { TextField, type Focusable } from "../../components";
import { endOfDay } from "../../components/board/due";
import { useTexts } from "../../utilities/texts";
import { useTypedDay } from "./typed-day";

export interface DayInputProps {
  readonly label: string;
  readonly hint?: string;
  readonly error: string | null;
  /** `YYYY-MM-DD` or "". */
  readonly day: string;
  /**
   * Told as soon as a day is picked, and when the field is left with whatever was typed; null: the
   * browser makes no day of it.
   */
  readonly onDay: (typed: string | null) => void;
}

export const DayInput = forwardRef<Focusable, DayInputProps>(function DayInput(
  { label, hint, error, day, onDay },
  ref,
) {
  const texts = useTexts().task;
  const [typed, setTyped] = useTypedDay(day);
  return (
    <TextField
      ref={ref}
      label={label}
      hint={hint}
      error={error}
      placeholder={texts.dueHint}
      value={typed}
      onChangeText={(text) => {
        setTyped(text);
        // The screen may be left without a word: a day that is whole does not wait for it.
        if (endOfDay(text) !== null) onDay(text);
      }}
      onBlur={() => onDay(typed)}
      onSubmit={() => onDay(typed)}
      style={styles.field}
    />
  );
});

const styles = StyleSheet.create({ field: { flexGrow: 1, flexShrink: 1, flexBasis: 140 } });
