/** The numbers of a chart as a table: for screen readers, the keyboard, and exact reading. */

import { useState } from "react";
import { ScrollView, StyleSheet, View } from "react-native";
import { radii, spacing, useTheme } from "../../theme";
import { useChartTexts } from "../../utilities/texts/charts";
import { onWeb } from "../../utilities/web";
import { Button } from "../button";
import { Text } from "../text";

export interface TableContent {
  readonly columns: readonly string[];
  /** As many cells as there are columns; the first names the row. */
  readonly rows: readonly (readonly string[])[];
}

/** How many rows are drawn before somebody asks for all. */
const FIRST_ROWS = 40;

export function DataTable({
  label,
  columns,
  rows,
  words = false,
}: TableContent & {
  readonly label: string;
  /** The cells are texts, not numbers: they begin at the left, and are broken where there is no room. */
  readonly words?: boolean;
}) {
  const { colours } = useTheme();
  const texts = useChartTexts();
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, FIRST_ROWS);
  const box = [styles.box, { borderColor: colours.border }];
  const table = (
    <View role="table" aria-label={label} style={styles.grow}>
      <View role="row" style={[styles.row, { backgroundColor: colours.sunken }]}>
        {columns.map((column, index) => (
          <View key={index} role="columnheader" style={cellStyle(index, words)}>
            <Text variant="label" numberOfLines={2}>
              {column}
            </Text>
          </View>
        ))}
      </View>
      {shown.map((row, place) => (
        <View
          key={place}
          role="row"
          style={[styles.row, styles.line, { borderTopColor: colours.border }]}
        >
          {row.map((cell, index) => (
            <View
              key={index}
              role={index === 0 ? "rowheader" : "cell"}
              style={cellStyle(index, words)}
            >
              <Text variant="small">{cell}</Text>
            </View>
          ))}
        </View>
      ))}
    </View>
  );
  return (
    <View style={styles.table}>
      {words ? (
        <View style={box}>{table}</View>
      ) : (
        <ScrollView
          horizontal
          style={box}
          contentContainerStyle={styles.content}
          {...onWeb({ tabIndex: 0, role: "region", dataSet: { scrolls: "" } })}
          aria-label={texts.tableOf(label)}
        >
          {table}
        </ScrollView>
      )}
      {shown.length < rows.length && (
        <Button
          kind="quiet"
          size="small"
          label={texts.allRows(rows.length)}
          onPress={() => setAll(true)}
        />
      )}
    </View>
  );
}

function cellStyle(index: number, words: boolean) {
  if (words) return index === 0 ? styles.name : styles.words;
  return index === 0 ? styles.first : styles.cell;
}

const styles = StyleSheet.create({
  table: { gap: spacing.s, alignItems: "flex-start" },
  box: { borderWidth: 1, borderRadius: radii.m, width: "100%", flexGrow: 0, overflow: "hidden" },
  content: { flexGrow: 1 },
  grow: { flexGrow: 1 },
  row: { flexDirection: "row", alignItems: "center", minHeight: 32 },
  line: { borderTopWidth: 1 },
  first: { flexGrow: 2, flexShrink: 0, flexBasis: 150, paddingHorizontal: spacing.m },
  cell: {
    flexGrow: 1,
    flexShrink: 0,
    flexBasis: 96,
    paddingHorizontal: spacing.m,
    alignItems: "flex-end",
  },
  name: { flexShrink: 1, flexBasis: 120, minWidth: 0, padding: spacing.s },
  words: { flexGrow: 1, flexShrink: 1, flexBasis: 120, minWidth: 0, padding: spacing.s },
});
