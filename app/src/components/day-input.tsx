/** A day, typed as YYYY-MM-DD. (On the web it is the browser's own field for days.) */

import { forwardRef } from "react";
import { StyleSheet } from "react-native";
import { useTexts } from "../utilities/texts";
import type { Focusable } from "./button";
import { TextField } from "./text-field";
import { useTypedDay, type DayInputProps } from "./typed-day";

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
