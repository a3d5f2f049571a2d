/** A day, typed as YYYY-MM-DD. (On the web it is the browser's own field for days.) */

import { useState } from "react";
import { TextField } from "../../components";
import { useTexts } from "../../utilities/texts";

export interface DayInputProps {
  readonly label: string;
  readonly hint?: string;
  readonly error: string | null;
  /** `YYYY-MM-DD` or "". */
  readonly day: string;
  /** Told when the field is left, with whatever was typed. */
  readonly onDay: (day: string) => void;
}

export function DayInput({ label, hint, error, day, onDay }: DayInputProps) {
  const texts = useTexts().task;
  const [typed, setTyped] = useState(day);
  return (
    <TextField
      label={label}
      hint={hint}
      error={error}
      placeholder={texts.dueHint}
      value={typed}
      onChangeText={setTyped}
      onBlur={() => onDay(typed)}
      onSubmit={() => onDay(typed)}
    />
  );
}
