/** What both forms of the select have in common: their props and the words below. */

import type { StyleProp, ViewStyle } from "react-native";
import type { Option } from "./choice";
import { Text } from "./text";

export interface SelectProps<Value extends string> {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly options: readonly Option<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly hint?: string;
  readonly error?: string | null;
  readonly disabled?: boolean;
  readonly style?: StyleProp<ViewStyle>;
}

/** What helps to choose, and what is wrong with the choice. */
export function SelectNotes({
  hint,
  error,
  id,
}: {
  readonly hint?: string;
  readonly error?: string | null;
  readonly id?: string;
}) {
  const wrong = error !== undefined && error !== null && error !== "";
  if (!wrong && hint === undefined) return null;
  return (
    <Text
      variant="small"
      tone={wrong ? "danger" : "textMuted"}
      nativeID={id}
      role={wrong ? "alert" : undefined}
    >
      {wrong ? error : hint}
    </Text>
  );
}
