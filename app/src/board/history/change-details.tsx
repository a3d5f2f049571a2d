/** What one event changed of a task: each field as it was and became, with a way back to what it was. */

import { StyleSheet, View } from "react-native";
import { Button, Text } from "../../components";
import { useWordContext } from "../activity/activity-panel";
import { fieldName, valueWords } from "../trouble/value-words";
import { fieldChanges, type FieldChange } from "../trouble/field-changes";
import { type BoardEvent, type BoardTask, type OpenBoard, toTask } from "../../sync";
import { spacing } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { useHistoryTexts } from "../../utilities/texts/history";
import { onWeb } from "../../utilities/web";
import { restoreField, restoreTask, useRestore } from "./restore";
import { WordDiff } from "./word-diff";

export interface ChangeDetailsProps {
  readonly board: OpenBoard;
  /** As it is now. */
  readonly task: BoardTask;
  readonly event: BoardEvent;
  readonly mayEdit: boolean;
}

export function ChangeDetails({ board, task, event, mayEdit }: ChangeDetailsProps) {
  const texts = useHistoryTexts();
  const restore = useRestore(board, task.id);
  const then = event.entity === "task" ? toTask(event.task, task.board_id) : null;
  const changes = fieldChanges(event.changes ?? {});
  const whole = then !== null ? restoreTask(board, task, then) : null;
  return (
    <View role="group" aria-label={texts.details} style={styles.all}>
      {changes.length === 0 && whole === null && (
        <Text variant="small" tone="textMuted">
          {texts.asItIs}
        </Text>
      )}
      {changes.map((change) => (
        <OneField key={change.field} board={board} task={task} change={change} mayEdit={mayEdit} />
      ))}
      {mayEdit && whole !== null && (
        <Button
          size="small"
          icon="undo"
          label={texts.restoreTask}
          onPress={() => restore(whole, texts.restoredTask(task.title))}
          style={styles.start}
        />
      )}
    </View>
  );
}

function OneField({
  board,
  task,
  change: { field, old, now },
  mayEdit,
}: Pick<ChangeDetailsProps, "board" | "task" | "mayEdit"> & { readonly change: FieldChange }) {
  const all = useTexts().board;
  const texts = useHistoryTexts();
  const context = useWordContext(board);
  const restore = useRestore(board, task.id);
  const name = fieldName(field, all);
  const [before, after] = [valueWords(field, old, context), valueWords(field, now, context)];
  // What is said on a task is not part of it.
  const back = mayEdit && field !== "body" ? restoreField(board, task, field, old) : null;
  const isText = field === "description" || field === "body";
  return (
    <View style={styles.field}>
      <View style={styles.words}>
        <Text variant="label">{name}</Text>
        {isText ? (
          <WordDiff old={String(old ?? "")} now={String(now ?? "")} />
        ) : (
          <Text variant="small">
            <Text variant="small" tone="textMuted" {...onWeb({ role: "deletion" })}>
              {before}
            </Text>
            {" → "}
            <Text variant="small" {...onWeb({ role: "insertion" })}>
              {after}
            </Text>
          </Text>
        )}
      </View>
      {back !== null && (
        <Button
          kind="quiet"
          size="small"
          label={texts.restore}
          accessibilityLabel={texts.restoreField(name, before)}
          onPress={() => restore(back, texts.restored(name, task.title))}
        />
      )}
    </View>
  );
}

const styles = StyleSheet.create({
  all: { gap: spacing.s, paddingLeft: spacing.m },
  field: { flexDirection: "row", alignItems: "flex-start", gap: spacing.s },
  words: { flex: 1, minWidth: 0, gap: spacing.xxs },
  start: { alignSelf: "flex-start" },
});
