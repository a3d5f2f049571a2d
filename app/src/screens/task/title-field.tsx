/** The task's title: pressed to be changed in place. */

import { useState } from "react";
import { Pressable, StyleSheet, View } from "react-native";
import { Heading, Icon } from "../../components";
import { takeEditIntent } from "../../components/board/edit-intent";
import { MAX_TITLE } from "../../components/board/quick-add";
import { useDraft } from "../../state/drafts";
import { spacing } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { DraftEditor } from "./draft-editor";
import type { TaskPartProps } from "./task-part";

export function TitleField({ board, task, mayEdit }: TaskPartProps) {
  const texts = useTexts().task;
  const draft = useDraft({ address: board.address, task: task.id, field: "title" }, task.title);
  const [open, setOpen] = useState(() => takeEditIntent(task.id));
  if (mayEdit && (open || draft.dirty)) {
    return (
      <DraftEditor
        draft={draft}
        current={task.title}
        label={texts.title}
        maxLength={MAX_TITLE}
        required
        onSave={(title) => board.changeTask(task.id, { title })}
        onCancel={() => setOpen(false)}
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
        role="button"
        aria-label={texts.editTitle}
        onPress={() => setOpen(true)}
        style={styles.edit}
      >
        <Icon name="edit" size={18} tone="textMuted" />
      </Pressable>
    </View>
  );
}

const styles = StyleSheet.create({
  row: { flexDirection: "row", alignItems: "flex-start", gap: spacing.s },
  text: { flexShrink: 1, minWidth: 0 },
  edit: { minWidth: 32, minHeight: 32, alignItems: "center", justifyContent: "center" },
});
