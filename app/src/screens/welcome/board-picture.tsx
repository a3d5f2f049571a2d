/** A small picture of a board, drawn with what the app is made of; screen readers pass over it. */

import { StyleSheet, View } from "react-native";
import { coloursOf, radii, spacing, useTheme } from "../../theme";

/** Columns of cards: the width of each line of text, in percent, and whose card it is. */
const COLUMNS = [
  [
    { lines: [80, 55], who: "ada" },
    { lines: [65], who: "grace" },
    { lines: [90, 40], who: null },
  ],
  [
    { lines: [70, 85], who: "grace", moved: true },
    { lines: [50], who: "ada" },
  ],
  [{ lines: [60], who: "grace" }],
] as const;

export function BoardPicture() {
  const { colours, scheme, shadows } = useTheme();
  return (
    <View aria-hidden style={[styles.board, { backgroundColor: colours.sunken }]}>
      {COLUMNS.map((cards, index) => (
        <View key={index} style={styles.column}>
          <View style={[styles.title, { backgroundColor: colours.borderStrong }]} />
          {cards.map(({ lines, who, ...rest }, at) => {
            const moved = "moved" in rest;
            return (
              <View
                key={at}
                style={[
                  styles.card,
                  { backgroundColor: colours.surface, borderColor: colours.border },
                  moved ? shadows.drag : shadows.card,
                  moved && [styles.moved, { borderColor: colours.accent }],
                ]}
              >
                {lines.map((width) => (
                  <View
                    key={width}
                    style={[styles.line, { width: `${width}%`, backgroundColor: colours.border }]}
                  />
                ))}
                {who !== null && (
                  <View style={[styles.who, { backgroundColor: coloursOf(who, scheme).text }]} />
                )}
              </View>
            );
          })}
        </View>
      ))}
    </View>
  );
}

const styles = StyleSheet.create({
  board: { flexDirection: "row", gap: spacing.m, padding: spacing.l, borderRadius: radii.l },
  column: { flex: 1, gap: spacing.s },
  title: { height: 6, width: "45%", borderRadius: 3, marginBottom: spacing.xs, opacity: 0.7 },
  card: { gap: 6, padding: spacing.s, borderWidth: 1, borderRadius: radii.s },
  moved: { transform: [{ rotate: "-3deg" }, { translateX: -14 }], borderWidth: 2 },
  line: { height: 6, borderRadius: 3 },
  who: { width: 14, height: 14, borderRadius: 7, alignSelf: "flex-end" },
});
