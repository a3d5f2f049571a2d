/** The task's title: pressed to be changed in place. */

import { Pressable, StyleSheet, View } from "react-native";
import { Heading, Icon } from "../../components";
import { useEditInPlace } from "../../board/edit-in-place";
import { takeEditIntent } from "../../board/card/edit-intent";
import { spacing } from "../../theme";
import { LIMITS } from "../../utilities/limits";
import { useTexts } from "../../utilities/texts";
import { DraftEditor, DraftMark } from "../../board/draft-editor";
import type { TaskPartProps } from "./task-part";

export function TitleField({ board, task, mayEdit }: TaskPartProps) {
  const texts = useTexts().task;
  const [edit, opener] = useEditInPlace(
    { address: board.address, task: task.id, field: "title" },
    task.title,
    () => takeEditIntent(task.id),
  );
  if (mayEdit && edit.editing) {
    return (
      <DraftEditor
        edit={edit}
        current={task.title}
        label={texts.title}
        maxLength={LIMITS.title}
        missing={texts.titleMissing}
        onSave={(title) => board.changeTask(task.id, { title })}
      />
    );
  }
  const heading = (
    <Heading level={1} look={2} style={styles.text}>
      {task.title}
    </Heading>
  );
  if (!mayEdit) {
    return heading;
  }
  return (
    <View style={styles.row}>
      {heading}
      <Pressable
        ref={opener}
        role="button"
        aria-label={texts.editTitle}
        onPress={edit.open}
        style={styles.edit}
      >
        <Icon name="edit" size={18} tone="textMuted" />
      </Pressable>
      <DraftMark edit={edit} />
    </View>
  );
}

const styles = StyleSheet.create({
  row: { flexDirection: "row", alignItems: "flex-start", gap: spacing.s },
  text: { flexShrink: 1, minWidth: 0 },
  edit: { minWidth: 32, minHeight: 32, alignItems: "center", justifyContent: "center" },
});
