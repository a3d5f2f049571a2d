/** The description: Markdown to read, and to write with a preview. */

import { useCallback, useState, type Ref } from "react";
import { StyleSheet, View } from "react-native";
import { Button, Heading, SegmentedControl, Text, type Focusable } from "../../components";
import { useEditInPlace, type EditInPlace } from "../../board/edit-in-place";
import { spacing } from "../../theme";
import { LIMITS } from "../../utilities/limits";
import { tickOf, withBox } from "../../utilities/task-list";
import { useTexts } from "../../utilities/texts";
import { DraftEditor, DraftMark } from "../../board/draft-editor";
import { Folded } from "./folded";
import { Markdown } from "../../components/markdown";
import type { TaskPartProps } from "./task-part";

export function DescriptionField({ board, task, mayEdit }: TaskPartProps) {
  const texts = useTexts().task;
  const { description } = task;
  const [edit, opener] = useEditInPlace(
    { address: board.address, task: task.id, field: "description" },
    description,
  );
  const editing = mayEdit && edit.editing;
  const { id } = task;
  const tick = useCallback(
    (box: number, checked: boolean) => {
      const ticked = withBox(description, box, checked);
      // The box is one of the text that is shown: in another one its number would say nothing.
      if (ticked === null || board.task(id)?.description !== description) return;
      const line = board.address.mode === "teams" ? tickOf(description, ticked) : null;
      if (line === null) board.changeTask(id, { description: ticked });
      else board.tick(id, { ...line, done: checked });
    },
    [board, id, description],
  );
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
      </View>
      {editing ? (
        <Editor
          edit={edit}
          current={description}
          onSave={(value) => board.changeTask(task.id, { description: value })}
        />
      ) : (
        <Shown
          description={description}
          onAdd={mayEdit ? edit.open : null}
          onTick={mayEdit ? tick : undefined}
          opener={opener}
        />
      )}
    </View>
  );
}

function Editor({
  edit,
  current,
  onSave,
}: {
  readonly edit: EditInPlace;
  readonly current: string;
  readonly onSave: (value: string) => void;
}) {
  const texts = useTexts().task;
  const [view, setView] = useState<"write" | "preview">("write");
  return (
    <DraftEditor
      edit={edit}
      current={current}
      label={texts.description}
      hint={texts.markdownHint}
      lines={8}
      maxLength={LIMITS.description}
      tools={
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
      }
      preview={view === "preview" ? <Markdown source={edit.draft.value} /> : undefined}
      onSave={onSave}
    />
  );
}

/** A description to read, or the way to add one. */
function Shown({
  description,
  onAdd,
  onTick,
  opener,
}: {
  readonly description: string;
  /** null: may not. */
  readonly onAdd: (() => void) | null;
  readonly onTick?: (box: number, checked: boolean) => void;
  readonly opener: Ref<Focusable>;
}) {
  const texts = useTexts().task;
  if (description !== "") {
    return (
      <Folded>
        <Markdown source={description} onTick={onTick} />
      </Folded>
    );
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
