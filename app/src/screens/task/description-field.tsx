/** The description: Markdown to read, and to write with a preview. */

import { useState, type Ref } from "react";
import { StyleSheet, View } from "react-native";
import { Button, Heading, SegmentedControl, Text, type Focusable } from "../../components";
import { useEditInPlace } from "../../components/board/edit-in-place";
import { spacing } from "../../theme";
import { LIMITS } from "../../utilities/limits";
import { useTexts } from "../../utilities/texts";
import { DraftEditor, DraftMark } from "./draft-editor";
import { Markdown } from "./markdown";
import type { TaskPartProps } from "./task-part";

export function DescriptionField({ board, task, mayEdit }: TaskPartProps) {
  const texts = useTexts().task;
  const { description } = task;
  const [edit, opener] = useEditInPlace(
    { address: board.address, task: task.id, field: "description" },
    description,
  );
  const [view, setView] = useState<"write" | "preview">("write");
  const editing = mayEdit && edit.editing;
  return (
    <View style={styles.all}>
      <View style={styles.head}>
        <Heading level={2} look={3}>
          {texts.description}
        </Heading>
        {mayEdit && !editing && description !== "" && (
          <Button
            ref={opener}
            kind="quiet"
            size="small"
            icon="edit"
            label={texts.editDescription}
            onPress={edit.open}
          />
        )}
        {mayEdit && <DraftMark edit={edit} />}
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
      {!editing ? (
        <Shown description={description} onAdd={mayEdit ? edit.open : null} opener={opener} />
      ) : (
        <DraftEditor
          edit={edit}
          current={description}
          label={texts.description}
          hint={texts.markdownHint}
          lines={8}
          maxLength={LIMITS.description}
          preview={view === "preview" ? <Markdown source={edit.draft.value} /> : undefined}
          onSave={(value) => board.changeTask(task.id, { description: value })}
        />
      )}
    </View>
  );
}

/** A description to read, or the way to add one. */
function Shown({
  description,
  onAdd,
  opener,
}: {
  readonly description: string;
  /** null: may not. */
  readonly onAdd: (() => void) | null;
  readonly opener: Ref<Focusable>;
}) {
  const texts = useTexts().task;
  if (description !== "") {
    return <Markdown source={description} />;
  }
  return onAdd === null ? (
    <Text tone="textMuted">{texts.noDescription}</Text>
  ) : (
    <Button
      ref={opener}
      kind="secondary"
      size="small"
      icon="add"
      label={texts.addDescription}
      onPress={onAdd}
      style={styles.add}
    />
  );
}

const styles = StyleSheet.create({
  all: { gap: spacing.s },
  head: { flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.s },
  add: { alignSelf: "flex-start" },
});
