/** A task as it was at a moment, with a way back to that. */

import { StyleSheet, View } from "react-native";
import { Button, Chip, Dialog, Text } from "../../components";
import { useWordContext } from "../activity/activity-panel";
import { eventWords } from "../activity/event-words";
import { valueWords } from "../trouble/value-words";
import { open } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import type { BoardEvent, OpenBoard, TaskId } from "../../sync";
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
          {then.due_at !== null && fact(task.due, "due_at", then.due_at)}
          {Object.entries(then.fields).map(([name, value]) => (
            <View key={name}>{fact(name, `fields/${name}`, value)}</View>
          ))}
          {then.description !== "" && <Markdown source={then.description} />}
        </>
      )}
    </Dialog>
  );
}

/** What took a task from the board. Teams only; `null`: nothing did, or it is not known yet. */
function useDeletion(live: OpenBoard, id: TaskId | null): BoardEvent | null {
  const { events } = useTaskHistory(live, id ?? 0);
  const newest = events.find(({ entity }) => entity === "task");
  return id !== null && newest?.action === "Delete" ? newest : null;
}

const styles = StyleSheet.create({
  labels: { flexDirection: "row", flexWrap: "wrap", gap: spacing.s },
});
