/** What is around every chart: its title, what the colours mean, and the same numbers as a table. */

import { useId, useState, type ReactNode } from "react";
import { StyleSheet, View } from "react-native";
import { radii, spacing, useTheme } from "../../theme";
import { useChartTexts } from "../../utilities/texts/charts";
import { onWeb } from "../../utilities/web";
import { Button } from "../button";
import { EmptyState } from "../banner";
import { Heading, Text } from "../text";
import { DataTable, type TableContent } from "./data-table";

export interface LegendEntry {
  readonly key: string;
  readonly label: string;
  readonly colour: string;
  /** At the place that is read now. */
  readonly value?: string;
}

export interface FigureProps {
  readonly title: string;
  /** What is counted and how, in a sentence. */
  readonly note?: string;
  readonly table: TableContent;
  /** Said instead of the chart where there is nothing to draw. */
  readonly empty?: string;
  /** Beside the title. */
  readonly actions?: ReactNode;
}

/** Gives the chart the width that there is, in pixels. */
export function Figure({
  title,
  note,
  table,
  empty,
  actions,
  children,
}: FigureProps & { readonly children: (width: number) => ReactNode }) {
  const { colours } = useTheme();
  const texts = useChartTexts();
  const [width, setWidth] = useState(0);
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  return (
    <View
      role="group"
      aria-labelledby={id}
      style={[styles.figure, { backgroundColor: colours.surface, borderColor: colours.border }]}
    >
      <View style={styles.head}>
        <Heading level={2} look={3} nativeID={id} style={styles.grow}>
          {title}
        </Heading>
        {actions}
        {empty === undefined && (
          <Button
            kind="quiet"
            size="small"
            label={asTable ? texts.hideTable : texts.showTable}
            accessibilityLabel={asTable ? texts.hideTableOf(title) : texts.showTableOf(title)}
            expanded={asTable}
            onPress={() => setAsTable(!asTable)}
          />
        )}
      </View>
      {note !== undefined && (
        <Text variant="small" tone="textMuted">
          {note}
        </Text>
      )}
      {empty === undefined ? (
        <View
          testID="plot"
          {...onWeb({ dataSet: { plot: "" } })}
          onLayout={({ nativeEvent }) => setWidth(Math.floor(nativeEvent.layout.width))}
        >
          {width > 0 && children(width)}
        </View>
      ) : (
        <EmptyState icon="activity" level={3} title={empty} />
      )}
      {empty === undefined && asTable && <DataTable label={title} {...table} />}
    </View>
  );
}

/** What the colours mean, with the values of the place that is read now. */
export function Legend({
  place,
  entries,
}: {
  /** What the values are of. */
  readonly place?: string;
  readonly entries: readonly LegendEntry[];
}) {
  return (
    <View style={styles.legend}>
      {place !== undefined && <Text variant="label">{place}</Text>}
      {entries.map(({ key, label, colour, value }) => (
        <View key={key} style={styles.entry}>
          <View
            aria-hidden
            {...onWeb({ dataSet: { coloured: "" } })}
            style={[styles.swatch, { backgroundColor: colour }]}
          />
          <Text variant="small" tone="textMuted">
            {label}
            {value !== undefined && <Text variant="label">{` ${value}`}</Text>}
          </Text>
        </View>
      ))}
    </View>
  );
}

const styles = StyleSheet.create({
  figure: { gap: spacing.s, padding: spacing.l, borderWidth: 1, borderRadius: radii.l },
  head: { flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.s },
  grow: { flexGrow: 1, flexShrink: 1 },
  legend: {
    flexDirection: "row",
    flexWrap: "wrap",
    alignItems: "center",
    columnGap: spacing.l,
    rowGap: spacing.xs,
  },
  entry: { flexDirection: "row", alignItems: "center", gap: spacing.xs },
  swatch: { width: 12, height: 12, borderRadius: 3 },
});
