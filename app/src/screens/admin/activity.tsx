/** Everything that anybody does, as it happens. */

import { useMemo, useState } from "react";
import { StyleSheet, View } from "react-native";
import {
  Badge,
  Banner,
  Button,
  EmptyState,
  Skeleton,
  Text,
  type BadgeTone,
} from "../../components";
import { foldRoom } from "../../board/activity/room-makers";
import type { Activity as Entry } from "../../generated/api";
import { useActivityFeed } from "../../state/admin";
import { nameOf, type ActivityView } from "../../state/activity-feed";
import { radii, spacing } from "../../theme";
import type { ActivityFilter } from "../../utilities/request-admin";
import { useTexts } from "../../utilities/texts";
import { errorText } from "../../utilities/texts/errors";
import { useAdminTexts } from "../../utilities/texts/admin";
import { ActivityDetails } from "./activity-details";
import { ActivityFilters } from "./activity-filters";
import { ActivityRow } from "./activity-row";
import { NoAdminAnyMore } from "./no-admin";
import { SaveActivity } from "./save-activity";

const EVERYTHING: ActivityFilter = {};

export function Activity() {
  const [filter, setFilter] = useState(EVERYTHING);
  const [looked, setLooked] = useState<Entry | null>(null);
  const words = useAdminTexts().activity;
  const feed = useActivityFeed(filter);
  return (
    <View style={styles.all}>
      <Text tone="textMuted">{words.intro}</Text>
      <ActivityFilters onFilter={setFilter} />
      <View style={styles.tools}>
        <State view={feed} />
        <Button
          size="small"
          label={feed.paused ? words.resume : words.pause}
          onPress={() => feed.pause(!feed.paused)}
        />
        <View style={styles.grow} />
        <SaveActivity filter={filter} />
      </View>
      {feed.state === "removed" && <NoAdminAnyMore />}
      {feed.held > 0 && (
        <Button
          kind="primary"
          size="small"
          icon="up"
          label={words.held(feed.held)}
          onPress={() => feed.pause(false)}
          style={styles.held}
        />
      )}
      <Rows feed={feed} filtered={Object.keys(filter).length > 0} onLook={setLooked} />
      {looked !== null && <ActivityDetails activity={looked} onClose={() => setLooked(null)} />}
    </View>
  );
}

function State({ view }: { readonly view: ActivityView }) {
  const words = useAdminTexts().activity;
  const states = {
    live: [words.live, "success"],
    connecting: [words.connecting, "info"],
    offline: [words.offline, "danger"],
    removed: [words.ended, "neutral"],
  } as const;
  const [label, tone]: readonly [string, BadgeTone] =
    view.paused && view.state !== "removed" ? [words.paused, "warning"] : states[view.state];
  return (
    <View role="status" aria-live="polite">
      <Badge label={label} tone={tone} icon={tone === "success" ? "bolt" : undefined} />
    </View>
  );
}

function Rows({
  feed,
  filtered,
  onLook,
}: {
  readonly feed: ReturnType<typeof useActivityFeed>;
  readonly filtered: boolean;
  readonly onLook: (entry: Entry) => void;
}) {
  const words = useAdminTexts().activity;
  const texts = useTexts();
  const { rows, loading, error, more, reading } = feed;
  const folded = useMemo(
    () => foldRoom(rows, (row) => (row.entity === "user" ? null : row)),
    [rows],
  );
  const failure = error !== null && (
    <Banner
      tone="danger"
      title={words.failed}
      actions={
        <Button
          size="small"
          label={texts.kit.retry}
          onPress={() => void (rows.length === 0 ? feed.begin() : feed.readOlder())}
        />
      }
    >
      {errorText(error, texts)}
    </Banner>
  );
  if (loading) {
    return (
      <View role="progressbar" aria-label={texts.kit.loading} style={styles.list}>
        <Skeleton height={56} radius={radii.m} />
        <Skeleton height={56} radius={radii.m} />
        <Skeleton height={56} radius={radii.m} />
      </View>
    );
  }
  if (rows.length === 0) {
    return failure === false ? (
      <EmptyState icon="activity" title={filtered ? words.noMatch : words.none}>
        {filtered ? words.noMatchHint : words.noneHint}
      </EmptyState>
    ) : (
      failure
    );
  }
  return (
    <>
      <View role="list" aria-label={words.list} style={styles.list}>
        {folded.map(({ event, room }) => (
          <ActivityRow key={nameOf(event)} activity={event} room={room} onLook={onLook} />
        ))}
      </View>
      {failure}
      {more ? (
        <Button
          label={words.older}
          busy={reading}
          onPress={() => void feed.readOlder()}
          style={styles.held}
        />
      ) : (
        <Text variant="small" tone="textMuted">
          {words.end}
        </Text>
      )}
    </>
  );
}

const styles = StyleSheet.create({
  all: { gap: spacing.l },
  tools: { flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.m },
  held: { alignSelf: "center" },
  list: { gap: spacing.s },
  grow: { flexGrow: 1 },
});
