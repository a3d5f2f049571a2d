/** The charts of the dashboard. */

import type { ReactNode } from "react";
import { StyleSheet, View } from "react-native";
import { BarList, SeriesChart } from "../../components/charts";
import type { AdminStats } from "../../generated/api";
import { paths } from "../../navigation/routes";
import type { LiveStats, Reading } from "../../state/admin";
import { useNameOf } from "../../state/names";
import { spacing } from "../../theme";
import { useFormats } from "../../utilities/texts/formats";
import { useAdminTexts } from "../../utilities/texts/admin";
import { kindWords } from "./words";

export function DashboardCharts({ stats, readings }: LiveStats) {
  const texts = useAdminTexts().dashboard;
  const { time } = useFormats();
  const minutes = stats.events?.per_minute ?? [];
  return (
    <>
      <SeriesChart
        marks="bars"
        title={texts.eventsTitle}
        note={texts.eventsNote}
        empty={stats.events === null ? texts.redisUnavailable : undefined}
        placeName={texts.minute}
        places={minutes.map(({ minute }) => ({ label: time(minute), short: time(minute) }))}
        series={[
          { key: "events", label: texts.events, values: minutes.map(({ events }) => events) },
        ]}
      />
      <View style={styles.pairs}>
        <Half>
          <LatencyChart readings={readings} of="publish_to_socket" />
        </Half>
        <Half>
          <LatencyChart readings={readings} of="write_to_glass" />
        </Half>
        <Lists stats={stats} />
      </View>
    </>
  );
}

function Half({ children }: { readonly children: ReactNode }) {
  return <View style={styles.half}>{children}</View>;
}

/** p50 and p99 since the dashboard was opened. */
function LatencyChart({
  readings,
  of,
}: {
  readonly readings: readonly Reading[];
  readonly of: "publish_to_socket" | "write_to_glass";
}) {
  const texts = useAdminTexts().dashboard;
  const { clock, duration } = useFormats();
  const [title, note] =
    of === "publish_to_socket"
      ? [texts.publishTitle, texts.publishNote]
      : [texts.glassTitle, texts.glassNote];
  const known = readings.some(({ stats }) => stats.latency?.[of] != null);
  return (
    <SeriesChart
      marks="lines"
      title={title}
      note={note}
      empty={known ? undefined : texts.noLatency}
      placeName={texts.time}
      places={readings.map(({ at }) => ({ label: clock(at), short: clock(at) }))}
      whole={false}
      format={duration}
      series={(["p50", "p99"] as const).map((key) => ({
        key,
        label: texts[key],
        values: readings.map(({ stats }) => stats.latency?.[of]?.[`${key}_ms`] ?? null),
      }))}
    />
  );
}

/** Who and what is busy, and where things are. */
function Lists({ stats }: { readonly stats: AdminStats }) {
  const texts = useAdminTexts();
  const words = texts.dashboard;
  const { duration, number } = useFormats();
  const nameOf = useNameOf();
  const count = (value: number) => ({ value, words: number(value) });
  const kinds = Object.entries(stats.events?.by_kind ?? {}).sort(([, a], [, b]) => b - a);
  const emptyText = (empty: string, known: unknown) =>
    known === null ? words.redisUnavailable : empty;
  const events = words.events;
  return (
    <>
      <Half>
        <BarList
          title={words.busiestBoards}
          note={words.lastHour}
          nameColumn={words.board}
          valueColumn={events}
          empty={emptyText(words.nobody, stats.busiest_boards)}
          bars={(stats.busiest_boards ?? []).map(({ board_id: id, name, events: value }) => ({
            key: String(id),
            label: name ?? texts.activity.board(id),
            to: name === null ? undefined : paths.timeline({ mode: "teams", id }),
            ...count(value),
          }))}
        />
      </Half>
      <Half>
        <BarList
          title={words.busiestPeople}
          note={words.lastHour}
          nameColumn={words.person}
          valueColumn={events}
          empty={emptyText(words.nobody, stats.people)}
          bars={(stats.people?.busiest ?? []).map(({ username, events: value }) => ({
            key: username,
            label: nameOf(username),
            ...count(value),
          }))}
        />
      </Half>
      <Half>
        <BarList
          title={words.kindsTitle}
          note={words.kindsNote}
          nameColumn={words.kind}
          valueColumn={events}
          empty={emptyText(words.nobody, stats.events)}
          bars={kinds.map(([kind, value]) => ({
            key: kind,
            label: kindWords(kind, texts.activity),
            ...count(value),
          }))}
        />
      </Half>
      <Half>
        <BarList
          title={words.columnsTitle}
          note={words.columnsNote}
          nameColumn={words.column}
          valueColumn={words.tasks}
          empty={words.noTasks}
          bars={stats.tasks.by_column.map(({ column, tasks }) => ({
            key: column,
            label: column,
            ...count(tasks),
          }))}
        />
      </Half>
      <Half>
        <BarList
          title={words.relaysTitle}
          note={words.relaysNote}
          nameColumn={words.relay}
          valueColumn={words.clients}
          empty={emptyText(words.noRelays, stats.relays)}
          bars={(stats.relays ?? []).map((relay) => {
            const { connections, guests, boards, version, feed_lag_ms: lag } = relay;
            const behind = lag === null ? [] : [words.behind(duration(lag))];
            return {
              key: relay.relay,
              label: relay.relay,
              detail: [words.relayMore(guests, boards, version), ...behind].join(", "),
              ...count(connections),
            };
          })}
        />
      </Half>
    </>
  );
}

const styles = StyleSheet.create({
  pairs: { flexDirection: "row", flexWrap: "wrap", gap: spacing.l },
  half: { flexGrow: 1, flexShrink: 1, flexBasis: 380, minWidth: 0 },
});
