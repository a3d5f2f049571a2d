/** Free fields: names and values that only this team knows the meaning of. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import { Button, Heading, IconButton, Text, TextField } from "../../components";
import { NameField } from "../../components/board/name-field";
import { spacing } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { isScalar, scalarOf, typedOf } from "./free-fields";
import type { TaskPartProps } from "./task-part";

/** A line, not a text: longer things belong into the description. */
const MAX_VALUE = 1_000;
const MAX_NAME = 100;

export function FieldsField({ board, task, mayEdit }: TaskPartProps) {
  const texts = useTexts().task;
  const names = Object.keys(task.fields).sort();
  const change = (name: string, value: unknown) =>
    board.changeTask(task.id, { fields: { [name]: value } });
  if (names.length === 0 && !mayEdit) {
    return null;
  }
  return (
    <View style={styles.all}>
      <Heading level={2} look={3}>
        {texts.fields}
      </Heading>
      {names.length === 0 && (
        <Text variant="small" tone="textMuted">
          {texts.noFields}
        </Text>
      )}
      {names.map((name) => (
        <Field
          key={name}
          name={name}
          value={task.fields[name]}
          mayEdit={mayEdit}
          onChange={(value) => change(name, value)}
        />
      ))}
      {mayEdit && <AddField names={names} onAdd={change} />}
    </View>
  );
}

function Field({
  name,
  value,
  mayEdit,
  onChange,
}: {
  readonly name: string;
  readonly value: unknown;
  readonly mayEdit: boolean;
  readonly onChange: (value: unknown) => void;
}) {
  const texts = useTexts().task;
  return (
    <View style={styles.row}>
      <Text variant="label" style={styles.name}>
        {name}
      </Text>
      <View style={styles.value}>
        <NameField
          look="body"
          value={typedOf(value)}
          label={texts.valueOf(name)}
          action={texts.valueOf(name)}
          placeholder={texts.empty}
          editable={mayEdit && isScalar(value)}
          required={false}
          maxLength={MAX_VALUE}
          onChange={(typed) => onChange(scalarOf(typed))}
        />
      </View>
      {mayEdit && (
        <IconButton icon="close" label={texts.removeField(name)} onPress={() => onChange(null)} />
      )}
    </View>
  );
}

function AddField({
  names,
  onAdd,
}: {
  readonly names: readonly string[];
  readonly onAdd: (name: string, value: unknown) => void;
}) {
  const texts = useTexts().task;
  const [name, setName] = useState("");
  const [value, setValue] = useState("");
  const [missing, setMissing] = useState(false);
  const key = name.trim();
  const twice = names.includes(key);
  const add = () => {
    setMissing(key === "");
    if (key !== "" && !twice) {
      onAdd(key, scalarOf(value));
      setName("");
      setValue("");
    }
  };
  const error = twice ? texts.fieldTwice : missing && key === "" ? texts.fieldMissing : null;
  return (
    <View style={styles.row}>
      <TextField
        label={texts.fieldName}
        hideLabel
        placeholder={texts.fieldName}
        value={name}
        maxLength={MAX_NAME}
        error={error}
        onChangeText={setName}
        onSubmit={add}
        style={styles.input}
      />
      <TextField
        label={texts.fieldValue}
        hideLabel
        placeholder={texts.fieldValue}
        value={value}
        maxLength={MAX_VALUE}
        onChangeText={setValue}
        onSubmit={add}
        style={styles.input}
      />
      <Button label={texts.addField} onPress={add} />
    </View>
  );
}

const styles = StyleSheet.create({
  all: { gap: spacing.s },
  row: { flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.s },
  name: { minWidth: 100, flexShrink: 1 },
  value: { flex: 1, minWidth: 120 },
  input: { flexGrow: 1, flexBasis: 130 },
});
