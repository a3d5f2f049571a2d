/** What was being written to a task, or a part of it, that takes it no more: to be copied or discarded. */

import { StyleSheet, View } from "react-native";
import type { BoardAddress, OpenBoard, TaskId, Trouble } from "../../sync";
import { useTaskDrafts } from "../../state/drafts";
import { useTroubles } from "../../state/hooks";
import { toast } from "../../state/toasts";
import { radii, spacing, useTheme } from "../../theme";
import { copyText } from "../../utilities/clipboard";
import { useTexts, type Catalogue } from "../../utilities/texts";
import { Button } from "../../components/button";
import { Heading, Text } from "../../components/text";
import { parseRows } from "../columns/columns-draft";
import { fieldName } from "./value-words";

/** Nothing where nothing was being written. */
export function LeftDrafts({
  address,
  task,
  of,
}: {
  readonly address: BoardAddress;
  /** null: the board itself. */
  readonly task: TaskId | null;
  /** Only those of the fields that it says; all where it is left out. */
  readonly of?: (field: string) => boolean;
}) {
  const { colours } = useTheme();
  const texts = useTexts();
  const [written, discard] = useTaskDrafts(address, task, of);
  if (written.length === 0) {
    return null;
  }
  const words = written.map(([field, text]) => ({
    field,
    head: headOf(field, task === null, texts),
    text: field === "columns" ? columnNames(text) : text,
  }));
  const copy = () => {
    const all = words.map(({ head, text }) => `${head}\n${text}`).join("\n\n");
    void copyText(all).then((copied) => {
      toast(copied ? texts.board.unsentCopied : texts.board.unsentNotCopied);
    });
  };
  return (
    <View
      role="group"
      aria-label={texts.task.leftDrafts}
      style={[styles.all, { borderColor: colours.borderStrong, backgroundColor: colours.surface }]}
    >
      {/* Whoever was writing may not see the field vanish. */}
      <View role="alert" aria-live="assertive" style={styles.head}>
        <Heading level={2} look={3}>
          {texts.task.leftDrafts}
        </Heading>
        <Text tone="textMuted">{texts.task.leftDraftsHint}</Text>
      </View>
      {words.map(({ field, head, text }) => (
        <View key={field}>
          <Text variant="label">{head}</Text>
          <Text selectable>{text}</Text>
        </View>
      ))}
      <View style={styles.actions}>
        <Button kind="primary" size="small" label={texts.task.copyDrafts} onPress={copy} />
        <Button kind="quiet" size="small" label={texts.task.discardDraft} onPress={discard} />
      </View>
    </View>
  );
}

/** What was made of both sides of conflicts that are settled by now, in another tab, say. */
export function LeftOfConflicts({
  board,
  task,
}: {
  readonly board: OpenBoard;
  readonly task: TaskId | null;
}) {
  const troubles = useTroubles(board);
  const isLeft = (field: string) => isOfSettled(field, troubles);
  return <LeftDrafts address={board.address} task={task} of={isLeft} />;
}

/** Whether a draft (its field as in `DraftKey`) is of a conflict that is none any more. */
export function isOfSettled(field: string, troubles: readonly Trouble[]): boolean {
  const [kind, trouble] = field.split("/");
  return kind === "conflict" && !troubles.some(({ id }) => id === trouble);
}

/** A draft's field (as in `DraftKey`) in the person's language. */
function headOf(field: string, ofBoard: boolean, { task, board, members }: Catalogue): string {
  const own: Readonly<Record<string, string>> = {
    ...(ofBoard && { description: board.description }),
    "column-new": board.newColumnName,
    columns: board.columnsTitle,
    invite: members.username,
    "invite-role": members.role,
    label: task.labelName,
    "field-name": task.fieldName,
    "field-value": task.fieldValue,
  };
  const [kind = field, ...name] = field.split("/");
  if (kind === "new") {
    return board.newTitle;
  }
  if (kind === "column") {
    return board.nameOfColumn;
  }
  if (kind === "limit") {
    return board.columnLimit;
  }
  if (kind === "conflict") {
    return fieldName(name.slice(1).join("/"), board);
  }
  if (kind === "checklist") {
    return task.checklistTitle;
  }
  if (kind === "item" || kind === "item-of") {
    return task.item;
  }
  return own[field] ?? (kind === "field" ? name.join("/") : fieldName(kind, board));
}

/** What the columns editor keeps, a column a line. */
function columnNames(text: string): string {
  return (parseRows(text) ?? []).map(({ name }) => name).join("\n");
}

const styles = StyleSheet.create({
  all: { borderWidth: 1, borderRadius: radii.m, padding: spacing.l, gap: spacing.m },
  head: { gap: spacing.m },
  actions: { flexDirection: "row", flexWrap: "wrap", gap: spacing.s },
});
