/** How work flowed over a board in a range of days, and what is on it now. */

import { useMemo, useState } from "react";
import { StyleSheet, View } from "react-native";
import { Banner, Button, Menu, Skeleton, Text, toast } from "../../components";
import { useNow } from "../../components/use-now";
import type { OpenBoard } from "../../sync";
import { useAnalytics } from "../../state/insights";
import { radii, spacing } from "../../theme";
import { saveFile } from "../../utilities/files";
import { analytics, type Range } from "../../utilities/request-analytics";
import { useTexts } from "../../utilities/texts";
import { errorText } from "../../utilities/texts/errors";
import { useInsightsTexts } from "../../utilities/texts/insights";
import { InsightsCharts } from "./insights-charts";
import { RangeForm, type RangeChoice } from "./range-form";
import { dayAt, lastDays, zoneHere } from "./ranges";

export function InsightsPage({ board }: { readonly board: OpenBoard }) {
  const texts = useInsightsTexts();
  const all = useTexts();
  const [choice, setChoice] = useState<RangeChoice>("30");
  const today = dayAt(useNow());
  const range = useMemo((): Range => {
    const days = typeof choice === "string" ? lastDays(choice, today) : choice;
    return { ...days, tz: zoneHere() };
  }, [choice, today]);
  const query = useAnalytics(board, range);
  const { data, error } = query;
  return (
    <View style={styles.page}>
      <View style={styles.tools}>
        <RangeForm choice={choice} today={today} onChange={setChoice} />
        <SaveMenu board={board} range={range} />
      </View>
      {error !== null && (
        <Banner
          tone="danger"
          title={texts.failed}
          actions={
            <Button size="small" label={all.kit.retry} onPress={() => void query.refetch()} />
          }
        >
          {errorText(error, all)}
        </Banner>
      )}
      {data === undefined ? (
        error === null && <Bones label={all.kit.loading} />
      ) : (
        <View aria-busy={query.isPlaceholderData} style={styles.page}>
          <InsightsCharts board={board} data={data} />
          <Text variant="small" tone="textMuted">
            {texts.zone(data.time_zone)}
          </Text>
        </View>
      )}
    </View>
  );
}

/** The numbers as files. */
function SaveMenu({ board, range }: { readonly board: OpenBoard; readonly range: Range }) {
  const texts = useInsightsTexts();
  const save = (rows: "days" | "finished") => () => {
    const { id } = board.address;
    const name = `${board.head()?.name ?? id} ${rows} ${range.from} ${range.to}.csv`;
    analytics
      .file(id, range, rows)
      .then((content) => saveFile(name, content, "text/csv;charset=utf-8"))
      .then(() => toast(texts.csvDone))
      .catch(() => toast(texts.csvFailed, { tone: "danger" }));
  };
  return (
    <Menu
      label={texts.csv}
      button={{ icon: "download" }}
      items={[
        { key: "days", label: texts.csvDays, icon: "download", onPress: save("days") },
        { key: "finished", label: texts.csvTasks, icon: "download", onPress: save("finished") },
      ]}
    />
  );
}

function Bones({ label }: { readonly label: string }) {
  return (
    <View role="progressbar" aria-label={label} style={styles.page}>
      <Skeleton height={300} radius={radii.l} />
      <Skeleton height={300} radius={radii.l} />
    </View>
  );
}

const styles = StyleSheet.create({
  page: { gap: spacing.l },
  tools: {
    flexDirection: "row",
    flexWrap: "wrap",
    alignItems: "flex-start",
    justifyContent: "space-between",
    gap: spacing.m,
  },
});
