/** Everything that ever happened to a task, newest first, in words, each with its way back. Teams only. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import { Banner, Button, IconButton, Spinner, Text } from "../../components";
import { eventWords, type WordContext } from "../../board/activity/event-words";
import { useTaskWords } from "../../board/activity/task-words";
import { undoesOf, undoneBy } from "../../board/activity/undo-events";
import { useNow } from "../../components/use-now";
import { useTaskHistory } from "../../state/task-queries";
import type { BoardEvent } from "../../sync";
import { spacing } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { useFormats } from "../../utilities/texts/formats";
import { ChangeDetails } from "../../board/looking-back";
import { useUndoEvent } from "../../board/activity/use-undo";
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

function History({ board, task, mayEdit }: TaskPartProps) {
  const texts = useTexts();
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
        {events.slice(0, shown).map((event) => (
          <Entry
            key={event.seq}
            {...{ board, task, event, context, now }}
            mayEdit={mayEdit}
            undone={undone.has(event.seq)}
            onUndo={undo}
          />
        ))}
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

/** Who did what and when; and on request what it was before, with a way back to that. */
function Entry({
  event,
  context,
  now,
  undone,
  onUndo,
  ...part
}: TaskPartProps & {
  readonly event: BoardEvent;
  readonly context: WordContext;
  readonly now: number;
  readonly undone: boolean;
  readonly onUndo: (seq: number, words: string) => void;
}) {
  const texts = useTexts().task;
  const formats = useFormats();
  const [open, setOpen] = useState(false);
  const words = eventWords(event, context);
  const at = Date.parse(event.timestamp);
  const when = formats.relative(event.timestamp, Math.max(now, at));
  return (
    <View role="listitem" style={styles.entry}>
      <View style={styles.event}>
        <View style={styles.words}>
          <Text variant="small">{words}</Text>
          <Text variant="caption" tone="textMuted">
            {open ? formats.dateTime(event.timestamp) : when}
          </Text>
        </View>
        {hasDetails(event) && (
          <IconButton
            icon={open ? "up" : "down"}
            label={texts.detailsOf(words)}
            expanded={open}
            onPress={() => setOpen(!open)}
          />
        )}
        {part.mayEdit && undoesOf(event) === undefined && !undone && (
          <Button
            kind="quiet"
            size="small"
            label={texts.undo}
            accessibilityLabel={texts.undoOf(words)}
            onPress={() => onUndo(event.seq, words)}
          />
        )}
      </View>
      {open && <ChangeDetails event={event} {...part} />}
    </View>
  );
}

/** Whether there is more to be said of an event, or the task then to come back to. */
function hasDetails({ entity, changes }: BoardEvent): boolean {
  return entity === "task" || Object.keys(changes ?? {}).length > 0;
}

const styles = StyleSheet.create({
  all: { gap: spacing.s },
  toggle: { alignSelf: "flex-start" },
  entry: { gap: spacing.xs },
  event: { flexDirection: "row", alignItems: "center", gap: spacing.s, minHeight: 36 },
  words: { flex: 1 },
});
