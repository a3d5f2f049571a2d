/** How the servers are doing, live. */

import { useIsFocused } from "@react-navigation/native";
import { StyleSheet, View } from "react-native";
import { Banner, Button, Skeleton, Text } from "../../components";
import { isClosed, useStats } from "../../state/admin";
import { radii, spacing } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { errorText } from "../../utilities/texts/errors";
import { useAdminTexts } from "../../utilities/texts/admin";
import { DashboardCharts } from "./dashboard-charts";
import { NoAdminAnyMore } from "./no-admin";
import { Tiles } from "./tiles";

export function Dashboard() {
  const texts = useAdminTexts().dashboard;
  const all = useTexts();
  const query = useStats(useIsFocused());
  const { data, error } = query;
  if (isClosed(error)) return <NoAdminAnyMore />;
  return (
    <View style={styles.all}>
      <Text tone="textMuted">{texts.intro}</Text>
      {error !== null && (
        <Banner
          tone="danger"
          title={texts.failed}
          actions={
            <Button size="small" label={all.kit.retry} onPress={() => void query.refetch()} />
          }
        >
          {data === undefined ? errorText(error, all) : `${errorText(error, all)} ${texts.stale}`}
        </Banner>
      )}
      {data === undefined ? (
        error === null && (
          <View role="progressbar" aria-label={all.kit.loading} style={styles.all}>
            <Skeleton height={96} radius={radii.l} />
            <Skeleton height={300} radius={radii.l} />
          </View>
        )
      ) : (
        <>
          {data.stats.stores.redis !== "ok" && (
            <Banner tone="warning">{texts.redisUnavailable}</Banner>
          )}
          <Tiles stats={data.stats} />
          <DashboardCharts {...data} />
        </>
      )}
    </View>
  );
}

const styles = StyleSheet.create({ all: { gap: spacing.l } });
