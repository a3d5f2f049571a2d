/** A few named numbers with bars beside them: a table that is seen as a chart at once. */

import { useId, useState } from "react";
import { StyleSheet, View } from "react-native";
import { radii, spacing, useTheme } from "../../theme";
import { useChartTexts } from "../../utilities/texts/charts";
import { onWeb } from "../../utilities/web";
import { EmptyState } from "../banner";
import { Button } from "../button";
import { Link } from "../link";
import { Heading, Text } from "../text";
import { seriesColour } from "./palette";

export interface Bar {
  readonly key: string;
  readonly label: string;
  readonly value: number;
  /** The value in words. */
  readonly words: string;
  /** Where the label leads. */
  readonly to?: string;
  readonly detail?: string;
}

/** How many bars are drawn before somebody asks for all. */
const FIRST_BARS = 10;

export function BarList({
  title,
  note,
  nameColumn,
  valueColumn,
  bars,
  empty,
}: {
  readonly title: string;
  readonly note?: string;
  readonly nameColumn: string;
  readonly valueColumn: string;
  readonly bars: readonly Bar[];
  /** Said where there are none. */
  readonly empty: string;
}) {
  const { colours, scheme } = useTheme();
  const texts = useChartTexts();
  const [all, setAll] = useState(false);
  const id = useId();
  const shown = all ? bars : bars.slice(0, FIRST_BARS);
  const most = Math.max(1e-9, ...bars.map(({ value }) => value));
  return (
    <View
      role="group"
      aria-labelledby={id}
      style={[styles.figure, { backgroundColor: colours.surface, borderColor: colours.border }]}
    >
      <Heading level={2} look={3} nativeID={id}>
        {title}
      </Heading>
      {note !== undefined && (
        <Text variant="small" tone="textMuted">
          {note}
        </Text>
      )}
      {bars.length === 0 ? (
        <EmptyState icon="activity" level={3} title={empty} />
      ) : (
        <View role="table" aria-labelledby={id} style={styles.rows}>
          <View role="row" style={styles.words}>
            <View role="columnheader" style={styles.name}>
              <Text variant="caption" tone="textMuted">
                {nameColumn}
              </Text>
            </View>
            <View role="columnheader">
              <Text variant="caption" tone="textMuted">
                {valueColumn}
              </Text>
            </View>
          </View>
          {shown.map(({ key, label, value, words, to, detail }) => (
            <View key={key} role="row" style={styles.row}>
              <View style={styles.words}>
                <View role="rowheader" style={styles.name}>
                  {to === undefined ? (
                    <Text variant="small">{label}</Text>
                  ) : (
                    <Link to={to} label={label} variant="small" />
                  )}
                  {detail !== undefined && (
                    <Text variant="caption" tone="textMuted">
                      {detail}
                    </Text>
                  )}
                </View>
                <View role="cell">
                  <Text variant="label">{words}</Text>
                </View>
              </View>
              <View aria-hidden style={[styles.track, { backgroundColor: colours.sunken }]}>
                <View
                  {...onWeb({ dataSet: { coloured: "" } })}
                  style={[
                    styles.bar,
                    {
                      width: `${(100 * Math.max(0, value)) / most}%`,
                      backgroundColor: seriesColour(0, scheme),
                    },
                  ]}
                />
              </View>
            </View>
          ))}
        </View>
      )}
      {shown.length < bars.length && (
        <Button
          kind="quiet"
          size="small"
          label={texts.allRows(bars.length)}
          onPress={() => setAll(true)}
          style={styles.more}
        />
      )}
    </View>
  );
}

const styles = StyleSheet.create({
  figure: { gap: spacing.s, padding: spacing.l, borderWidth: 1, borderRadius: radii.l },
  rows: { gap: spacing.m },
  more: { alignSelf: "flex-start" },
  row: { gap: spacing.xs },
  words: { flexDirection: "row", alignItems: "flex-end", gap: spacing.m },
  name: { flexGrow: 1, flexShrink: 1, minWidth: 0 },
  track: { height: 8, borderRadius: radii.round, overflow: "hidden" },
  bar: { height: 8, borderRadius: radii.round },
});
