/** Free fields: names and values that only this team knows the meaning of. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import { IconButton, Text } from "../../components";
import { useEditInPlace } from "../../board/edit-in-place";
import { LeftDrafts } from "../../board/trouble/left-drafts";
import { ValueButton } from "../../board/name-field";
import { useDraft } from "../../state/drafts";
import { spacing } from "../../theme";
import { useReturnFocus } from "../../utilities/focus";
import { LIMITS } from "../../utilities/limits";
import { useTexts } from "../../utilities/texts";
import { AddForm } from "./add-form";
import { DraftEditor, DraftMark } from "../../board/draft-editor";
import { Folded } from "./folded";
import { isScalar, scalarOf, typedOf } from "./free-fields";
import type { TaskPartProps } from "./task-part";
import { TaskSection } from "./task-section";

/** How the drafts of values are named, before the field's name. */
const VALUE = "field/";

export function FieldsField(props: TaskPartProps) {
  const { board, task, mayEdit } = props;
  const texts = useTexts().task;
  const [heading, toHeading] = useReturnFocus();
  const names = Object.keys(task.fields).sort();
  const remove = (name: string) => {
    board.changeTask(task.id, { fields: { [name]: null } });
    toHeading();
  };
  const isGone = (field: string) =>
    field.startsWith(VALUE) && !isScalar(task.fields[field.slice(VALUE.length)]);
  if (names.length === 0 && !mayEdit) {
    return null;
  }
  return (
    <TaskSection ref={heading} title={texts.fields}>
      {names.length === 0 && (
        <Text variant="small" tone="textMuted">
          {texts.noFields}
        </Text>
      )}
      {names.map((name) => (
        <View key={name} style={styles.row}>
          <Text variant="label" style={styles.name}>
            {name}
          </Text>
          <View style={styles.value}>
            <FieldValue {...props} name={name} />
          </View>
          {mayEdit && (
            <IconButton icon="close" label={texts.removeField(name)} onPress={() => remove(name)} />
          )}
        </View>
      ))}
      {mayEdit && <LeftDrafts address={board.address} task={task.id} of={isGone} />}
      {mayEdit && <AddField {...props} />}
    </TaskSection>
  );
}

function FieldValue({ board, task, mayEdit, name }: TaskPartProps & { readonly name: string }) {
  const texts = useTexts().task;
  const value = task.fields[name];
  const current = typedOf(value);
  const [edit, opener] = useEditInPlace(
    { address: board.address, task: task.id, field: VALUE + name },
    current,
  );
  if (!mayEdit || !isScalar(value)) {
    return (
      <Folded>
        <Text>{current}</Text>
      </Folded>
    );
  }
  if (edit.editing) {
    return (
      <DraftEditor
        edit={edit}
        current={current}
        label={texts.valueOf(name)}
        {...(hasLines(current + edit.draft.value) && { hint: texts.keySaves, lines: 4 })}
        maxLength={LIMITS.fieldValue}
        onSave={(typed) => board.changeTask(task.id, { fields: { [name]: scalarOf(typed) } })}
      />
    );
  }
  return (
    <View style={styles.row}>
      <ValueButton
        ref={opener}
        look="body"
        value={current}
        lines={12}
        action={texts.valueOf(name)}
        placeholder={texts.empty}
        onPress={edit.open}
      />
      <DraftMark edit={edit} />
    </View>
  );
}

/** A text of several lines keeps them, however it came to be. */
function hasLines(text: string): boolean {
  return /[\r\n]/u.test(text);
}

function AddField({ board, task }: TaskPartProps) {
  const texts = useTexts().task;
  const key = { address: board.address, task: task.id };
  const name = useDraft({ ...key, field: "field-name" }, "");
  const value = useDraft({ ...key, field: "field-value" }, "");
  const [tried, setTried] = useState(false);
  const typed = name.value.trim();
  const missing = tried && typed === "" ? texts.fieldMissing : null;
  const add = () => {
    setTried(typed === "");
    if (typed !== "") {
      board.changeTask(task.id, { fields: { [typed]: scalarOf(value.value) } });
    }
    return typed !== "";
  };
  return (
    <AddForm
      inputs={[
        {
          label: texts.fieldName,
          draft: name,
          maxLength: LIMITS.fieldName,
          error: Object.hasOwn(task.fields, typed) ? texts.fieldTwice : missing,
        },
        { label: texts.fieldValue, draft: value, maxLength: LIMITS.fieldValue, error: null },
      ]}
      label={texts.addField}
      onAdd={add}
    />
  );
}

const styles = StyleSheet.create({
  row: { flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.s },
  name: { minWidth: 100, flexShrink: 1 },
  value: { flex: 1, minWidth: 120 },
});
