/** A day, typed as YYYY-MM-DD. (On the web it is the browser's own field for days.) */

import { forwardRef } from "react";
import { StyleSheet } from "react-native";
import { TextField, type Focusable } from "../../components";
import { useTexts } from "../../utilities/texts";
import { useTypedDay } from "./typed-day";

export interface DayInputProps {
  readonly label: string;
  readonly hint?: string;
  readonly error: string | null;
  /** `YYYY-MM-DD` or "": what stands in it while nobody types. */
  readonly day: string;
  /** Somebody begins to type. */
  readonly onBegin?: () => void;
  /** Told while it is typed; null: half a day, of which the browser tells only that. */
  readonly onTyped?: (typed: string | null) => void;
  /**
   * Told as soon as a day is picked, and when the field is left with whatever was typed; null: the
   * browser makes no day of it.
   */
  readonly onDay: (typed: string | null) => void;
}

export const DayInput = forwardRef<Focusable, DayInputProps>(function DayInput(props, ref) {
  const texts = useTexts().task;
  const typed = useTypedDay(props);
  const leave = () => typed.leave(typed.value);
  return (
    <TextField
      ref={ref}
      label={props.label}
      hint={props.hint}
      error={props.error}
      placeholder={texts.dueHint}
      value={typed.value}
      onChangeText={(text) => {
        typed.begin();
        typed.type(text);
      }}
      onBlur={leave}
      onSubmit={leave}
      style={styles.field}
    />
  );
});

const styles = StyleSheet.create({ field: { flexGrow: 1, flexShrink: 1, flexBasis: 140 } });
