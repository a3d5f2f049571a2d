/** Everything that ever happened to a task, newest first, in words, each with its way back. Teams only. */

import { useMemo, useState } from "react";
import { StyleSheet, View } from "react-native";
import { Banner, Button, Spinner, Text } from "../../components";
import { useWordContext } from "../../components/board/activity-panel";
import { eventWords, type WordContext } from "../../components/board/event-words";
import { undoneBy } from "../../components/board/undo-change";
import { useNow } from "../../components/board/use-now";
import { useTaskHistory } from "../../state/task-queries";
import { spacing } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { useFormats } from "../../utilities/texts/formats";
import { useUndoEvent } from "../board/use-undo";
import type { TaskPartProps } from "./task-part";

/** How many events are shown at first, and how many more at a time. */
const PAGE = 30;

export function HistorySection(props: TaskPartProps) {
  const texts = useTexts().task;
  const [open, setOpen] = useState(false);
  return (
    <View style={styles.all}>
      <Button
        kind="secondary"
        size="small"
        icon={open ? "up" : "down"}
        label={open ? texts.hideHistory : texts.showHistory}
        expanded={open}
        onPress={() => setOpen(!open)}
        style={styles.toggle}
      />
      {open && <History {...props} />}
    </View>
  );
}

/** The words of events, where the task is plain from the place and is not named again and again. */
function useTaskWords(board: TaskPartProps["board"]): WordContext {
  const context = useWordContext(board);
  return useMemo(() => {
    const { texts } = context;
    return { ...context, texts: { ...texts, events: { ...texts.events, ...texts.eventsHere } } };
  }, [context]);
}

function History({ board, task, mayEdit }: TaskPartProps) {
  const texts = useTexts();
  const formats = useFormats();
  const context = useTaskWords(board);
  const now = useNow();
  const undo = useUndoEvent(board);
  const history = useTaskHistory(board, task.id);
  const [shown, setShown] = useState(PAGE);
  const { events, fromDevice } = history;
  if (history.isPending) {
    return <Spinner />;
  }
  if (history.isError && events.length === 0) {
    return <Banner tone="warning">{texts.task.historyFailed}</Banner>;
  }
  const undone = undoneBy(events);
  return (
    <View style={styles.all}>
      {fromDevice && (
        <Text variant="small" tone="textMuted" role="status">
          {texts.task.historyFromDevice}
        </Text>
      )}
      <View role="list" style={styles.all}>
        {events.slice(0, shown).map((event) => {
          const words = eventWords(event, context);
          const at = Date.parse(event.timestamp);
          return (
            <View key={event.seq} role="listitem" style={styles.event}>
              <View style={styles.words}>
                <Text variant="small">{words}</Text>
                <Text variant="caption" tone="textMuted">
                  {formats.relative(event.timestamp, Math.max(now, at))}
                </Text>
              </View>
              {mayEdit && event.undoes === undefined && !undone.has(event.seq) && (
                <Button
                  kind="quiet"
                  size="small"
                  label={texts.task.undo}
                  accessibilityLabel={texts.task.undoOf(words)}
                  onPress={() => undo(event.seq, words)}
                />
              )}
            </View>
          );
        })}
      </View>
      {shown < events.length && (
        <Button
          size="small"
          label={texts.task.moreComments}
          onPress={() => setShown(shown + PAGE)}
          style={styles.toggle}
        />
      )}
    </View>
  );
}

const styles = StyleSheet.create({
  all: { gap: spacing.s },
  toggle: { alignSelf: "flex-start" },
  event: { flexDirection: "row", alignItems: "center", gap: spacing.s, minHeight: 36 },
  words: { flex: 1 },
});
