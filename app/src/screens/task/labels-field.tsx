/** Labels: chips to take off, and a line to add more. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import { Button, Chip, Heading, Text, TextField } from "../../components";
import { spacing } from "../../theme";
import { useTexts } from "../../utilities/texts";
import type { TaskPartProps } from "./task-part";

/** The most characters of a label (the API's `Label`). */
const MAX_LABEL = 64;

export function LabelsField({ board, task, mayEdit }: TaskPartProps) {
  const texts = useTexts().task;
  const { labels } = task;
  const change = (changed: string[]) => board.changeTask(task.id, { labels: changed });
  return (
    <View style={styles.all}>
      <Heading level={2} look={3}>
        {texts.labels}
      </Heading>
      {labels.length > 0 ? (
        <View style={styles.row}>
          {labels.map((label) => (
            <Chip
              key={label}
              label={label}
              hue={label}
              onRemove={
                mayEdit ? () => change(labels.filter((other) => other !== label)) : undefined
              }
            />
          ))}
        </View>
      ) : (
        !mayEdit && <Text tone="textMuted">{texts.noLabels}</Text>
      )}
      {mayEdit && <AddLabel labels={labels} onAdd={(label) => change([...labels, label])} />}
    </View>
  );
}

function AddLabel({
  labels,
  onAdd,
}: {
  readonly labels: readonly string[];
  readonly onAdd: (label: string) => void;
}) {
  const texts = useTexts().task;
  const [name, setName] = useState("");
  const label = name.trim();
  const error = labels.includes(label) ? texts.labelTwice : null;
  const add = () => {
    if (label !== "" && error === null) {
      onAdd(label);
      setName("");
    }
  };
  return (
    <View style={styles.row}>
      <TextField
        label={texts.labelName}
        hideLabel
        placeholder={texts.labelName}
        value={name}
        maxLength={MAX_LABEL}
        error={error}
        onChangeText={setName}
        onSubmit={add}
        style={styles.field}
      />
      <Button label={texts.addLabel} disabled={label === "" || error !== null} onPress={add} />
    </View>
  );
}

const styles = StyleSheet.create({
  all: { gap: spacing.s },
  row: { flexDirection: "row", flexWrap: "wrap", gap: spacing.s },
  field: { flexGrow: 1, flexBasis: 160, maxWidth: 320 },
});
