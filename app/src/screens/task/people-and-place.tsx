/** In which column a task is, and who does it. */

import { StyleSheet, View } from "react-native";
import { Button, Select } from "../../components";
import type { CardCommands } from "../../board/board-context";
import { useEditInPlace } from "../../board/edit-in-place";
import { useBoardColumns, useBoardMembers } from "../../state/hooks";
import { useNameOf } from "../../state/names";
import { spacing } from "../../theme";
import { LIMITS } from "../../utilities/limits";
import { useTexts } from "../../utilities/texts";
import { DraftEditor, DraftMark } from "../../board/draft-editor";
import { Fact } from "../../components/fact";
import type { TaskPartProps } from "./task-part";

const NOBODY = "";

export function StatusField({
  board,
  task,
  mayEdit,
  move,
}: TaskPartProps & { readonly move: CardCommands["move"] }) {
  const texts = useTexts().task;
  const columns = useBoardColumns(board);
  if (!mayEdit) {
    const name = columns.find(({ key }) => key === task.status)?.name ?? task.status;
    return <Fact label={texts.status} value={name} />;
  }
  return (
    <Select
      label={texts.status}
      value={task.status}
      options={columns.map(({ key, name }) => ({ value: key, label: name }))}
      onChange={(status) => move(task.id, { status, before: null })}
    />
  );
}

export function AssigneeField(props: TaskPartProps) {
  const { board, task, mayEdit } = props;
  const texts = useTexts().task;
  const nameOf = useNameOf();
  if (!mayEdit) {
    const { assigned_to: who } = task;
    return <Fact label={texts.assignee} value={who === null ? texts.nobody : nameOf(who)} />;
  }
  return board.address.mode === "teams" ? (
    <MemberField {...props} />
  ) : (
    <NameOfAssignee {...props} />
  );
}

function MemberField({ board, task }: TaskPartProps) {
  const texts = useTexts().task;
  const nameOf = useNameOf();
  const names = useBoardMembers(board).map(({ username }) => username);
  const { assigned_to } = task;
  // Somebody who has left the board still has the task.
  const all =
    assigned_to !== null && !names.includes(assigned_to) ? [assigned_to, ...names] : names;
  return (
    <Select
      label={texts.assignee}
      value={assigned_to ?? NOBODY}
      options={[
        { value: NOBODY, label: texts.nobody },
        ...all.map((name) => ({ value: name, label: nameOf(name) })),
      ]}
      onChange={(name) => board.changeTask(task.id, { assigned_to: name === NOBODY ? null : name })}
    />
  );
}

/** Without accounts anybody may be named. */
function NameOfAssignee({ board, task }: TaskPartProps) {
  const texts = useTexts().task;
  const current = task.assigned_to ?? "";
  const [edit, opener] = useEditInPlace(
    { address: board.address, task: task.id, field: "assigned_to" },
    current,
  );
  if (edit.editing) {
    return (
      <DraftEditor
        edit={edit}
        current={current}
        label={texts.assignee}
        maxLength={LIMITS.assignee}
        onSave={(name) => board.changeTask(task.id, { assigned_to: name === "" ? null : name })}
      />
    );
  }
  return (
    <View style={styles.row}>
      <Fact label={texts.assignee} value={current === "" ? texts.nobody : current} />
      <Button
        ref={opener}
        kind="quiet"
        size="small"
        icon="edit"
        label={texts.changeAssignee}
        onPress={edit.open}
      />
      <DraftMark edit={edit} />
    </View>
  );
}

const styles = StyleSheet.create({
  row: { flexDirection: "row", flexWrap: "wrap", alignItems: "flex-end", gap: spacing.s },
});
