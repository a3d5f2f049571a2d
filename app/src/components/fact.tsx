/** A value with its name above it, for who may not change it. */

import { View } from "react-native";
import { Text } from "./text";

export function Fact({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <View>
      <Text variant="label">{label}</Text>
      <Text>{value}</Text>
    </View>
  );
}
