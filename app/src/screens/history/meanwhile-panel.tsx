/** What changed since somebody was last here, card by card. */

import { useIsFocused } from "@react-navigation/native";
import { ScrollView, StyleSheet, View } from "react-native";
import { Button, Heading, IconButton, Link, Spinner, Text } from "../../components";
import { eventWords } from "../../components/board/event-words";
import { useNow } from "../../components/board/use-now";
import { useBackCloses } from "../../navigation/back";
import { open } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import type { OpenBoard } from "../../state/board-session.interface";
import { useTask } from "../../state/hooks";
import type { BoardEvent, TaskId } from "../../state/types";
import { radii, spacing, useTheme } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { useHistoryTexts } from "../../utilities/texts/history";
import { useTaskWords } from "../task/history-section";
import { useMoments } from "./moment-words";
import { useMeanwhile, type CardChanges, type MeanwhileProps } from "./use-meanwhile";

export interface MeanwhilePanelProps extends MeanwhileProps {
  readonly onClose: () => void;
  readonly onDismiss: () => void;
}

export function MeanwhilePanel({ onClose, onDismiss, ...of }: MeanwhilePanelProps) {
  const { board, absence } = of;
  const { colours } = useTheme();
  const texts = useHistoryTexts();
  const { kit } = useTexts();
  const found = useMeanwhile(of);
  useBackCloses(useIsFocused(), onClose);
  const watch = paths.timeline(board.address, absence.seq);
  return (
    <View
      role="complementary"
      aria-label={texts.meanwhileTitle}
      style={[styles.panel, { backgroundColor: colours.surface, borderColor: colours.border }]}
    >
      <View style={styles.head}>
        <Heading level={2} look={3} style={styles.grow}>
          {texts.meanwhileTitle}
        </Heading>
        <IconButton icon="close" label={kit.close} onPress={onClose} />
      </View>
      <ScrollView style={styles.grow} contentContainerStyle={styles.entries}>
        {found === null ? (
          <Spinner />
        ) : (
          <>
            {found.count === 0 && found.earlier === 0 && (
              <Text tone="textMuted">{texts.nobodyElse}</Text>
            )}
            {found.cards.map((card) => (
              <OneCard key={card.task} board={board} {...card} />
            ))}
            {found.earlier > 0 && (
              <Text variant="small" tone="textMuted">
                {texts.andEarlier(found.earlier)}
              </Text>
            )}
          </>
        )}
        <View style={styles.actions}>
          <Button size="small" label={texts.watch} to={watch} onPress={() => open(watch)} />
          <Button size="small" kind="quiet" label={texts.dismissMeanwhile} onPress={onDismiss} />
        </View>
      </ScrollView>
    </View>
  );
}

function OneCard({ board, task, events }: CardChanges & { readonly board: OpenBoard }) {
  const context = useTaskWords(board);
  const when = useMoments();
  const now = useNow();
  return (
    <View style={styles.card}>
      <CardName board={board} task={task} events={events} />
      <View role="list" style={styles.events}>
        {events.map((event) => (
          <View key={event.seq} role="listitem">
            <Text variant="small">{eventWords(event, context)}</Text>
            <Text variant="caption" tone="textMuted">
              {when(event.timestamp, now)}
            </Text>
          </View>
        ))}
      </View>
    </View>
  );
}

function CardName({ board, task, events }: CardChanges & { readonly board: OpenBoard }) {
  const texts = useHistoryTexts();
  const there = useTask(board, task ?? 0);
  if (task === null) {
    return <Text variant="label">{texts.onBoard}</Text>;
  }
  if (there !== undefined) {
    return <Link variant="label" label={there.title} to={paths.task(board.address, task)} />;
  }
  return (
    <Text variant="label">
      {titleIn(events, task)}{" "}
      <Text variant="small" tone="textMuted">
        ({texts.cardGone})
      </Text>
    </Text>
  );
}

/** What a task that is gone was called last. */
function titleIn(events: readonly BoardEvent[], task: TaskId): string {
  const last = events.find((event) => event.entity === "task");
  return last?.entity === "task" ? last.task.title : `#${task}`;
}

const styles = StyleSheet.create({
  panel: { flex: 1, borderWidth: 1, borderRadius: radii.l, overflow: "hidden" },
  head: {
    flexDirection: "row",
    alignItems: "center",
    paddingLeft: spacing.l,
    paddingRight: spacing.s,
    paddingVertical: spacing.s,
  },
  entries: { padding: spacing.l, paddingTop: 0, gap: spacing.l },
  card: { gap: spacing.xs },
  events: { gap: spacing.xs, paddingLeft: spacing.m },
  actions: { flexDirection: "row", flexWrap: "wrap", gap: spacing.s },
  grow: { flex: 1 },
});
