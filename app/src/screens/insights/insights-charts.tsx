/** The charts of a board's flow. */

import { StyleSheet, View } from "react-native";
import { SeriesChart } from "../../components/charts";
import { spacing } from "../../theme";
import { useDayFormats } from "../../utilities/texts/days";
import { useInsightsTexts } from "../../utilities/texts/insights";
import { AgeOfOpen } from "./age-of-open";
import { useColumnNames, type ChartProps } from "./chart-data";
import { StaysChart } from "./stays-chart";
import { TimesChart } from "./times-chart";

export function InsightsCharts({ board, data }: ChartProps) {
  const texts = useInsightsTexts();
  const days = useDayFormats();
  const names = useColumnNames(data);
  const places = data.days.map(({ date }) => ({
    label: days.long(date),
    short: days.short(date),
  }));
  const weeks = data.weeks.map(({ monday, days: told }) => ({
    label: told === 7 ? days.long(monday) : texts.partWeek(days.long(monday), told),
    short: days.short(monday),
  }));
  const had = data.days.some(({ tasks }) => tasks.some((count) => count > 0));
  return (
    <>
      <SeriesChart
        marks="areas"
        title={texts.flowTitle}
        note={texts.flowNote}
        empty={had ? undefined : texts.noTasks}
        placeName={texts.day}
        places={places}
        // What is finished is at the ground, as such diagrams are drawn.
        series={data.columns
          .map(({ key }, column) => ({
            key,
            label: names.get(key) ?? key,
            values: data.days.map(({ tasks }) => tasks[column] ?? 0),
          }))
          .reverse()}
      />
      <SeriesChart
        marks="lines"
        title={texts.changesTitle}
        note={texts.changesNote}
        placeName={texts.day}
        places={places}
        series={(["added", "finished", "moved"] as const).map((key) => ({
          key,
          label: texts[key],
          values: data.days.map((day) => day[key]),
        }))}
      />
      <View style={styles.pair}>
        <View style={styles.half}>
          <TimesChart board={board} data={data} time="cycle" />
        </View>
        <View style={styles.half}>
          <TimesChart board={board} data={data} time="lead" />
        </View>
        <View style={styles.half}>
          <SeriesChart
            marks="bars"
            title={texts.throughputTitle}
            note={texts.throughputNote}
            placeName={texts.week}
            places={weeks}
            series={[
              {
                key: "finished",
                label: texts.finished,
                values: data.weeks.map(({ finished }) => finished),
              },
            ]}
          />
        </View>
        <View style={styles.half}>
          <StaysChart board={board} data={data} />
        </View>
      </View>
      <AgeOfOpen board={board} data={data} />
    </>
  );
}

const styles = StyleSheet.create({
  pair: { flexDirection: "row", flexWrap: "wrap", gap: spacing.l },
  half: { flexGrow: 1, flexShrink: 1, flexBasis: 380, minWidth: 0 },
});
