/** What a task is: each field is changed where it is. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import { Badge, Banner, Menu, Text } from "../../components";
import { AtRisk } from "../../board/trouble/at-risk";
import { useOthersEditing } from "../../board/card/editing";
import { LeftDrafts, LeftOfConflicts } from "../../board/trouble/left-drafts";
import { TroubleBanner } from "../../board/trouble/trouble-banner";
import { useNow } from "../../components/use-now";
import { goBack } from "../../navigation/open";
import type { BoardTask, OpenBoard } from "../../sync";
import { useHeadField } from "../../state/hooks";
import { useNameOf } from "../../state/names";
import { spacing, useLayout } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { useFormats } from "../../utilities/texts/formats";
import { useCardCommands } from "../../board/card/use-card-commands";
import { useUndoShortcuts } from "../../board/activity/use-undo";
import { ChecklistsSection } from "./checklists-section";
import { CommentsSection } from "./comments-section";
import { DescriptionField } from "./description-field";
import { FieldsField } from "./fields-field";
import { HistorySection } from "./history-section";
import { PrintedTask } from "./printed-task";
import { Properties } from "./properties";
import { TaskPanel } from "./task-panel";
import { TitleField } from "./title-field";

const nothing = () => undefined;
const openers = { open: nothing, edit: nothing, moveTo: nothing, added: nothing };

export function TaskDetails({
  board,
  task,
  me,
}: {
  readonly board: OpenBoard;
  readonly task: BoardTask;
  /** The own name; null in quick-win mode. */
  readonly me: string | null;
}) {
  const texts = useTexts().task;
  const role = useHeadField(board, "role") ?? null;
  const commands = useCardCommands(board, openers);
  const shortcuts = useUndoShortcuts(board, me);
  const teams = board.address.mode === "teams";
  const part = { board, task, mayEdit: role !== "viewer" };
  const beside = useLayout().layout === "wide";
  // Where there is little room, a task has a start only where somebody gave it one.
  const [startAsked, setStartAsked] = useState(false);
  const hasStart = beside || task.start_at !== null;
  const start = startAsked ? "asked" : hasStart ? "shown" : "hidden";
  const addsStart = teams && part.mayEdit && start === "hidden";
  const properties = <Properties {...part} beside={beside} start={start} move={commands.move} />;
  return (
    <TaskPanel
      title={task.title}
      head={
        <TaskHead
          task={task}
          onAddStart={addsStart ? () => setStartAsked(true) : null}
          onDelete={part.mayEdit ? commands.delete : null}
        />
      }
      shortcuts={part.mayEdit ? shortcuts : []}
      notice={
        <>
          <AtRisk board={board} />
          <TroubleBanner board={board} />
        </>
      }
    >
      <PrintedTask board={board} task={task} />
      <AlsoHere board={board} task={task} me={me} />
      <TitleField {...part} />
      {part.mayEdit ? (
        <LeftOfConflicts board={board} task={task.id} />
      ) : (
        <>
          <Banner>{texts.readOnly}</Banner>
          <LeftDrafts address={board.address} task={task.id} />
        </>
      )}
      {!beside && properties}
      <View style={styles.row}>
        <View style={styles.main}>
          <DescriptionField {...part} />
          {teams && (
            <>
              <ChecklistsSection {...part} />
              <CommentsSection {...part} me={me} mayOwn={role === "owner"} />
              <FieldsField {...part} />
              <HistorySection {...part} />
            </>
          )}
          <Dates task={task} />
        </View>
        {beside && <View style={styles.beside}>{properties}</View>}
      </View>
    </TaskPanel>
  );
}

function TaskHead({
  task,
  onAddStart,
  onDelete,
}: {
  readonly task: BoardTask;
  readonly onAddStart: (() => void) | null;
  readonly onDelete: ((id: number) => void) | null;
}) {
  const texts = useTexts().task;
  const board = useTexts().board;
  const remove = (deleteTask: (id: number) => void) => {
    deleteTask(task.id);
    goBack();
  };
  return (
    <View style={styles.head}>
      {task.id > 0 && <Text tone="textMuted">{texts.number(task.id)}</Text>}
      {task.waiting && (
        <View>
          <Badge tone="warning" icon="upload" label={texts.unsent} />
        </View>
      )}
      <View style={styles.grow} />
      {onDelete && (
        <Menu
          label={board.actionsFor(task.title)}
          items={[
            ...(onAddStart === null
              ? []
              : [
                  {
                    key: "start",
                    label: texts.addStart,
                    icon: "calendar" as const,
                    onPress: onAddStart,
                  },
                ]),
            {
              key: "delete",
              label: texts.delete,
              icon: "trash",
              danger: true,
              onPress: () => remove(onDelete),
            },
          ]}
        />
      )}
    </View>
  );
}

/** Who else has this task open. */
function AlsoHere({
  board,
  task,
  me,
}: {
  readonly board: OpenBoard;
  readonly task: BoardTask;
  readonly me: string | null;
}) {
  const texts = useTexts().task;
  const formats = useFormats();
  const nameOf = useNameOf();
  const names = useOthersEditing(board, task.id, me);
  if (names.length === 0) {
    return null;
  }
  const words = names.length === 1 ? texts.alsoEditing : texts.alsoEditingMany;
  return <Banner icon="edit">{words(formats.list(names.map(nameOf)))}</Banner>;
}

function Dates({ task }: { readonly task: BoardTask }) {
  const texts = useTexts().task;
  const formats = useFormats();
  const nameOf = useNameOf();
  const now = useNow();
  const when = (timestamp: string) =>
    formats.relative(timestamp, Math.max(now, Date.parse(timestamp)));
  return (
    <View>
      <Text variant="caption" tone="textMuted">
        {task.created_by === null
          ? texts.createdAt(when(task.created_at))
          : texts.created(nameOf(task.created_by), when(task.created_at))}
      </Text>
      <Text variant="caption" tone="textMuted">
        {texts.updated(when(task.updated_at))}
      </Text>
    </View>
  );
}

const styles = StyleSheet.create({
  row: { flexDirection: "row", gap: spacing.xl },
  main: { flex: 1, minWidth: 0, gap: spacing.xl },
  beside: { width: 240 },
  head: { flexDirection: "row", alignItems: "center", gap: spacing.s },
  grow: { flex: 1 },
});
