/** The description: Markdown to read, and to write with a preview. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import { Button, Heading, SegmentedControl, Text } from "../../components";
import { useDraft } from "../../state/drafts";
import { spacing } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { DraftEditor } from "./draft-editor";
import { Markdown } from "./markdown";
import type { TaskPartProps } from "./task-part";

/** The most characters of a description (the API's `Description`). */
const MAX_DESCRIPTION = 10_000;

export function DescriptionField({ board, task, mayEdit }: TaskPartProps) {
  const texts = useTexts().task;
  const { description } = task;
  const draft = useDraft(
    { address: board.address, task: task.id, field: "description" },
    description,
  );
  const [open, setOpen] = useState(false);
  const [view, setView] = useState<"write" | "preview">("write");
  const editing = mayEdit && (open || draft.dirty);
  return (
    <View style={styles.all}>
      <View style={styles.head}>
        <Heading level={2} look={3}>
          {texts.description}
        </Heading>
        {mayEdit && !editing && description !== "" && (
          <Button
            kind="quiet"
            size="small"
            icon="edit"
            label={texts.editDescription}
            onPress={() => setOpen(true)}
          />
        )}
        {editing && (
          <SegmentedControl
            label={texts.writeOrPreview}
            hideLabel
            value={view}
            options={[
              { value: "write", label: texts.write },
              { value: "preview", label: texts.preview },
            ]}
            onChange={setView}
          />
        )}
      </View>
      {editing ? (
        view === "write" ? (
          <DraftEditor
            draft={draft}
            current={description}
            label={texts.description}
            hint={texts.markdownHint}
            lines={8}
            maxLength={MAX_DESCRIPTION}
            onSave={(value) => board.changeTask(task.id, { description: value })}
            onCancel={() => setOpen(false)}
          />
        ) : (
          <Markdown source={draft.value} />
        )
      ) : description === "" ? (
        mayEdit ? (
          <Button
            kind="secondary"
            size="small"
            icon="add"
            label={texts.addDescription}
            onPress={() => setOpen(true)}
            style={styles.add}
          />
        ) : (
          <Text tone="textMuted">{texts.noDescription}</Text>
        )
      ) : (
        <Markdown source={description} />
      )}
    </View>
  );
}

const styles = StyleSheet.create({
  all: { gap: spacing.s },
  head: { flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.s },
  add: { alignSelf: "flex-start" },
});
