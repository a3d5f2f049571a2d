/** How old what is not finished is, column by column. */

import { StyleSheet, View } from "react-native";
import { BarList } from "../../components/charts";
import { paths } from "../../navigation/routes";
import { spacing } from "../../theme";
import { useFormats } from "../../utilities/texts/formats";
import { useInsightsTexts } from "../../utilities/texts/insights";
import { useColumnNames, type ChartProps } from "./chart-data";

export function AgeOfOpen({ board, data }: ChartProps) {
  const texts = useInsightsTexts();
  const { duration } = useFormats();
  const names = useColumnNames(data);
  const now = Date.parse(data.as_of);
  const since = (moment: string) => Math.max(0, now - Date.parse(moment));
  return (
    <View style={styles.columns}>
      {data.open.map(({ key, count, tasks }) => (
        <View key={key} style={styles.column}>
          <BarList
            title={texts.ageTitle(names.get(key) ?? key)}
            note={
              tasks.length < count
                ? `${texts.ageNote} ${texts.oldestOnly(tasks.length, count)}`
                : texts.ageNote
            }
            nameColumn={texts.task}
            valueColumn={texts.age}
            empty={texts.noneOpenHere}
            bars={tasks.map(({ id, title, created_at, started_at, entered_at }) => {
              const age = since(started_at ?? created_at);
              return {
                key: String(id),
                label: texts.taskName(id, title),
                to: paths.task(board.address, id),
                detail: texts.inColumn(duration(since(entered_at))),
                value: age,
                words: duration(age),
              };
            })}
          />
        </View>
      ))}
    </View>
  );
}

const styles = StyleSheet.create({
  columns: { flexDirection: "row", flexWrap: "wrap", gap: spacing.l },
  column: { flexGrow: 1, flexShrink: 1, flexBasis: 380, minWidth: 0 },
});
