/** The numbers of the dashboard that stand for themselves. */

import { StyleSheet, View } from "react-native";
import { Badge, Text, VisuallyHidden, type BadgeTone } from "../../components";
import type { AdminStats } from "../../generated/api";
import { radii, spacing, useTheme } from "../../theme";
import { useFormats } from "../../utilities/texts/formats";
import { useAdminTexts } from "../../utilities/texts/admin";

interface Tile {
  readonly key: string;
  readonly name: string;
  /** `null`: not known while Redis is unavailable. */
  readonly value: string | null;
  readonly more: string;
}

export function Tiles({ stats }: { readonly stats: AdminStats }) {
  const texts = useAdminTexts();
  const { colours } = useTheme();
  const tiles = useTiles(stats);
  return (
    <View role="list" aria-label={texts.dashboard.numbers} style={styles.tiles}>
      {tiles.map(({ key, name, value, more }) => (
        <View
          key={key}
          role="listitem"
          style={[styles.tile, { backgroundColor: colours.surface, borderColor: colours.border }]}
        >
          <Text variant="caption" tone="textMuted">
            {name}
          </Text>
          <Text variant="strong" style={styles.value}>
            {value ?? "–"}
            {value === null && <VisuallyHidden>{texts.dashboard.unknown}</VisuallyHidden>}
          </Text>
          <Text variant="caption" tone="textMuted">
            {more}
          </Text>
        </View>
      ))}
      <Stores stats={stats} />
    </View>
  );
}

function useTiles(stats: AdminStats): readonly Tile[] {
  const texts = useAdminTexts().dashboard;
  const { number } = useFormats();
  const { users, boards, tasks, people, connections, relays, cache, stream, deliveries } = stats;
  const known = (value: number | null | undefined) => (value == null ? null : number(value));
  const lag = stream === null ? null : stream.lag_entries + stream.pending_entries;
  const rate = cache?.hit_rate ?? null;
  return [
    {
      key: "people",
      name: texts.people,
      value: known(people?.active),
      more: texts.peopleMore,
    },
    {
      key: "connections",
      name: texts.connections,
      value: known(connections),
      more: texts.connectionsMore(relays?.length ?? 0),
    },
    {
      key: "users",
      name: texts.users,
      value: number(users.total),
      more: texts.usersMore(users.admins, users.disabled),
    },
    {
      key: "boards",
      name: texts.boards,
      value: number(boards.total),
      more: texts.boardsMore(boards.archived, boards.deleted),
    },
    { key: "tasks", name: texts.tasks, value: number(tasks.total), more: texts.tasksMore },
    {
      key: "cache",
      name: texts.cache,
      value: rate === null ? null : `${number(Math.round(rate * 1000) / 10)} %`,
      more: texts.cacheMore(known(cache?.hits) ?? "–", known(cache?.misses) ?? "–"),
    },
    { key: "lag", name: texts.lag, value: known(lag), more: texts.lagMore },
    {
      key: "deferred",
      name: texts.deferred,
      value: known(deliveries?.deferred),
      more: texts.deferredMore,
    },
  ];
}

const STORE_TONES: Record<AdminStats["stores"]["redis"], BadgeTone> = {
  ok: "success",
  unavailable: "danger",
  "not configured": "neutral",
};

function Stores({ stats }: { readonly stats: AdminStats }) {
  const texts = useAdminTexts().dashboard;
  const { colours } = useTheme();
  return (
    <View
      role="listitem"
      style={[styles.tile, { backgroundColor: colours.surface, borderColor: colours.border }]}
    >
      <Text variant="caption" tone="textMuted">
        {texts.stores}
      </Text>
      {(
        [
          ["PostgreSQL", stats.stores.postgresql],
          ["Redis", stats.stores.redis],
        ] as const
      ).map(([name, state]) => (
        <Badge
          key={name}
          tone={STORE_TONES[state]}
          icon={state === "ok" ? "check" : "warning"}
          label={`${name} ${texts.storeStates[state]}`}
        />
      ))}
    </View>
  );
}

const styles = StyleSheet.create({
  tiles: { flexDirection: "row", flexWrap: "wrap", gap: spacing.m },
  tile: {
    flexGrow: 1,
    flexBasis: 150,
    gap: spacing.xs,
    padding: spacing.m,
    borderWidth: 1,
    borderRadius: radii.m,
  },
  value: { fontSize: 24, lineHeight: 30 },
});
