/** A label, on the colour that its name always has. */

import { StyleSheet, View } from "react-native";
import { coloursOf, radii, useTheme } from "../../theme";
import { Text } from "../../components/text";
import { CARD } from "./card-metrics";

export function LabelChip({ name }: { readonly name: string }) {
  const { scheme } = useTheme();
  const { background, text } = coloursOf(name, scheme);
  return (
    <View style={[styles.chip, { backgroundColor: background }]}>
      <Text numberOfLines={1} style={[styles.text, { color: text }]}>
        {name}
      </Text>
    </View>
  );
}

const styles = StyleSheet.create({
  chip: { borderRadius: radii.s, paddingHorizontal: 7, flexShrink: 1, minWidth: 28 },
  text: { fontSize: 12, lineHeight: CARD.labelLine, fontWeight: "600" },
});
