/** What changed since somebody was last here, card by card. */

import { useIsFocused } from "@react-navigation/native";
import { useState } from "react";
import { ScrollView, StyleSheet, View } from "react-native";
import { Banner, Button, Heading, IconButton, Link, Spinner, Text } from "../../components";
import { eventWords } from "../activity/event-words";
import { useNow } from "../../components/use-now";
import { useBackCloses } from "../../components/back";
import { open } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import type { OpenBoard } from "../../sync";
import { useTask } from "../../state/hooks";
import { radii, spacing, useTheme } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { errorText } from "../../utilities/texts/errors";
import { useFormats } from "../../utilities/texts/formats";
import { useHistoryTexts } from "../../utilities/texts/history";
import { useTaskWords } from "../activity/task-words";
import type { CardChanges, Meanwhile } from "./meanwhile-fold";
import { useMoments } from "./moment-words";
import { useMeanwhile, type MeanwhileProps } from "./use-meanwhile";

/** How many cards are shown at first, and how many more at a time. */
const CARDS = 50;

export interface MeanwhilePanelProps extends MeanwhileProps {
  readonly onClose: () => void;
  readonly onDismiss: () => void;
}

export function MeanwhilePanel({ onClose, onDismiss, ...of }: MeanwhilePanelProps) {
  const { board, absence } = of;
  const { colours } = useTheme();
  const texts = useHistoryTexts();
  const all = useTexts();
  const { found, error, retry } = useMeanwhile(of);
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
        <IconButton icon="close" label={all.kit.close} onPress={onClose} />
      </View>
      <ScrollView style={styles.grow} contentContainerStyle={styles.entries}>
        {found !== null && <Found board={board} found={found} />}
        {error !== null ? (
          <Banner
            tone="warning"
            title={texts.meanwhileFailed}
            actions={<Button size="small" label={all.kit.retry} onPress={retry} />}
          >
            {errorText(error, all)}
          </Banner>
        ) : (
          found?.whole !== true && <Progress absence={absence} seq={found?.seq ?? absence.seq} />
        )}
        <View style={styles.actions}>
          <Button size="small" label={texts.watch} to={watch} onPress={() => open(watch)} />
          <Button size="small" kind="quiet" label={texts.dismissMeanwhile} onPress={onDismiss} />
        </View>
      </ScrollView>
    </View>
  );
}

/** Which of the events are read. */
function Progress({ absence, seq }: Pick<MeanwhileProps, "absence"> & { readonly seq: number }) {
  const texts = useHistoryTexts();
  const { number } = useFormats();
  const [read, count] = [seq - absence.seq, absence.head - absence.seq];
  const words = texts.readingMeanwhile(number(read), number(count));
  return (
    <View style={styles.progress}>
      <Spinner label={words} />
      <Text variant="small" tone="textMuted" aria-hidden style={styles.grow}>
        {words}
      </Text>
    </View>
  );
}

function Found({ board, found }: { readonly board: OpenBoard; readonly found: Meanwhile }) {
  const texts = useHistoryTexts();
  const [shown, setShown] = useState(CARDS);
  const { cards, count, earlier, whole } = found;
  return (
    <>
      {whole && count + earlier === 0 && <Text tone="textMuted">{texts.nobodyElse}</Text>}
      {cards.slice(0, shown).map((card) => (
        <OneCard key={card.task} board={board} {...card} />
      ))}
      {cards.length > shown && (
        <Button
          size="small"
          label={texts.moreCards(cards.length - shown)}
          onPress={() => setShown(shown + CARDS)}
          style={styles.start}
        />
      )}
      {earlier > 0 && (
        <Text variant="small" tone="textMuted">
          {texts.andEarlier(earlier)}
        </Text>
      )}
    </>
  );
}

function OneCard({ board, ...card }: CardChanges & { readonly board: OpenBoard }) {
  const { events, count } = card;
  const texts = useHistoryTexts();
  const context = useTaskWords(board);
  const when = useMoments();
  const now = useNow();
  return (
    <View style={styles.card}>
      <CardName board={board} {...card} />
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
      {count > events.length && (
        <Text variant="caption" tone="textMuted" style={styles.events}>
          {texts.andEarlier(count - events.length)}
        </Text>
      )}
    </View>
  );
}

function CardName({ board, task, title }: CardChanges & { readonly board: OpenBoard }) {
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
      {title ?? `#${task}`}{" "}
      <Text variant="small" tone="textMuted">
        ({texts.cardGone})
      </Text>
    </Text>
  );
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
  progress: { flexDirection: "row", alignItems: "center", gap: spacing.s },
  start: { alignSelf: "flex-start" },
  grow: { flex: 1 },
});
