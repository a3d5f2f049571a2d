/** A line that adds something to a task: what is typed is kept as a draft until it is added. */

import { useRef } from "react";
import { StyleSheet, View } from "react-native";
import { Button, TextField, type Focusable } from "../../components";
import type { DraftField } from "../../state/drafts";
import { spacing } from "../../theme";
import { lengthOf } from "../../utilities/limits";
import { useTexts } from "../../utilities/texts";

export interface AddInput {
  readonly label: string;
  readonly draft: DraftField;
  readonly maxLength: number;
  /** What is wrong with it beside its length. */
  readonly error: string | null;
}

export function AddForm({
  inputs,
  label,
  autoFocus = false,
  onAdd,
}: {
  readonly inputs: readonly AddInput[];
  /** Names the button. */
  readonly label: string;
  readonly autoFocus?: boolean;
  /** Called only with inputs that are not too long. @returns whether it was added */
  readonly onAdd: () => boolean;
}) {
  const { tooLong } = useTexts().kit;
  const first = useRef<Focusable>(null);
  const errors = inputs.map(({ draft, maxLength, error }) => {
    const length = lengthOf(draft.value.trim());
    return length > maxLength ? tooLong(length, maxLength) : error;
  });
  const add = () => {
    if (errors.every((error) => error === null) && onAdd()) {
      inputs.forEach(({ draft }) => draft.clear());
    }
    first.current?.focus();
  };
  return (
    <View style={styles.row}>
      {inputs.map((input, index) => (
        <TextField
          key={input.label}
          ref={index === 0 ? first : undefined}
          label={input.label}
          hideLabel
          autoFocus={autoFocus && index === 0}
          placeholder={input.label}
          value={input.draft.value}
          error={errors[index]}
          onChangeText={input.draft.set}
          onSubmit={add}
          style={styles.input}
        />
      ))}
      <Button label={label} onPress={add} />
    </View>
  );
}

const styles = StyleSheet.create({
  row: { flexDirection: "row", flexWrap: "wrap", alignItems: "flex-start", gap: spacing.s },
  input: { flexGrow: 1, flexBasis: 130, minWidth: 0, maxWidth: 320 },
});
