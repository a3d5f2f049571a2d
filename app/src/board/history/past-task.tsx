/** A task as it was at a moment, with a way back to that. */

import { useMemo } from "react";
import { StyleSheet, View } from "react-native";
import { Button, Chip, Dialog, Heading, Text } from "../../components";
import { useWordContext } from "../activity/activity-panel";
import { eventWords } from "../activity/event-words";
import { valueWords } from "../trouble/value-words";
import { open } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import {
  type BoardEvent,
  isListEvent,
  type KnownChecklists,
  type OpenBoard,
  type TaskId,
  type WholeChecklist,
  withListEvent,
} from "../../sync";
import { useHeadField, useTask } from "../../state/hooks";
import { PastBoard } from "../../state/past-board";
import { useTaskHistory } from "../../state/task-queries";
import { spacing } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { useHistoryTexts } from "../../utilities/texts/history";
import { useUndoEvent } from "../activity/use-undo";
import { Fact } from "../../components/fact";
import { Markdown } from "../../components/markdown";
import { restoreTask, useRestore } from "./restore";

export function PastTask({
  live,
  then: board,
  id,
  onClose,
}: {
  readonly live: OpenBoard;
  readonly then: PastBoard;
  readonly id: TaskId;
  readonly onClose: () => void;
}) {
  const texts = useHistoryTexts();
  const task = useTexts().task;
  const then = useTask(board, id);
  const now = useTask(live, id);
  const mayEdit = (useHeadField(live, "role") ?? null) !== "viewer";
  const restore = useRestore(live, id);
  const context = useWordContext(board);
  const back = mayEdit && now && then ? restoreTask(live, now, then) : null;
  const deletion = useDeletion(live, mayEdit && now === undefined ? id : null);
  const undo = useUndoEvent(live);
  const fact = (label: string, field: string, value: unknown) => (
    <Fact label={label} value={valueWords(field, value, context)} />
  );
  return (
    <Dialog
      title={texts.taskThen(then?.title ?? task.number(id))}
      onClose={onClose}
      width={640}
      actions={
        <>
          {back !== null && (
            <Button
              icon="undo"
              label={texts.restoreTask}
              onPress={() => {
                onClose();
                restore(back, texts.restoredTask(now?.title ?? ""));
              }}
            />
          )}
          {mayEdit && then !== undefined && deletion !== null && (
            <Button
              icon="undo"
              label={texts.bringBack}
              onPress={() => {
                onClose();
                void undo(deletion.seq, eventWords(deletion, context));
              }}
            />
          )}
          {now !== undefined && !(live instanceof PastBoard) && (
            <Button label={texts.openNow} onPress={() => open(paths.task(live.address, id))} />
          )}
        </>
      }
    >
      {then === undefined ? (
        <Text>{texts.taskNotThen}</Text>
      ) : (
        <>
          {then.labels.length > 0 && (
            <View style={styles.labels}>
              {then.labels.map((label) => (
                <Chip key={label} label={label} hue={label} />
              ))}
            </View>
          )}
          {fact(task.status, "status", then.status)}
          {fact(task.assignee, "assigned_to", then.assigned_to)}
          {then.start_at !== null && fact(task.start, "start_at", then.start_at)}
          {then.due_at !== null && fact(task.due, "due_at", then.due_at)}
          {Object.entries(then.fields).map(([name, value]) => (
            <View key={name}>{fact(name, `fields/${name}`, value)}</View>
          ))}
          {then.description !== "" && <Markdown source={then.description} />}
          {!(live instanceof PastBoard) && <PastChecklists live={live} then={board} id={id} />}
        </>
      )}
    </Dialog>
  );
}

/** The checklists as the task's events had made them by then: for members of the board. Teams only. */
function PastChecklists({
  live,
  then,
  id,
}: {
  readonly live: OpenBoard;
  readonly then: PastBoard;
  readonly id: TaskId;
}) {
  const texts = useTexts().task;
  const { events } = useTaskHistory(live, id);
  const seq = useHeadField(then, "seq") ?? 0;
  const lists = useMemo(() => checklistsAt(events, id, seq), [events, id, seq]);
  return lists.map(({ id: key, title, items }) => (
    <View key={key} role="group" aria-label={texts.checklistOf(title)}>
      <Heading level={3} look={3}>
        {title}
      </Heading>
      {items.map((item) => (
        <View key={item.id} style={styles.item}>
          <Text role="img" aria-label={item.done ? texts.itemDone : texts.itemOpen}>
            {item.done ? "☑" : "☐"}
          </Text>
          <Text style={styles.text}>{item.text}</Text>
        </View>
      ))}
    </View>
  ));
}

/** @param events of the task, newest first */
function checklistsAt(
  events: readonly BoardEvent[],
  task: TaskId,
  seq: number,
): readonly WholeChecklist[] {
  const nothing: KnownChecklists = { seq: -1, items: [] };
  const happened = events.filter((event) => event.seq <= seq).reverse();
  return happened.reduce(
    (known, event) => (isListEvent(event, task) ? withListEvent(known, event) : known),
    nothing,
  ).items;
}

/** What took a task from the board. Teams only; `null`: nothing did, or it is not known yet. */
function useDeletion(live: OpenBoard, id: TaskId | null): BoardEvent | null {
  const { events } = useTaskHistory(live, id ?? 0);
  const newest = events.find(({ entity }) => entity === "task");
  return id !== null && newest?.action === "Delete" ? newest : null;
}

const styles = StyleSheet.create({
  item: { flexDirection: "row", gap: spacing.s },
  text: { flexShrink: 1, minWidth: 0 },
  labels: { flexDirection: "row", flexWrap: "wrap", gap: spacing.s },
});
