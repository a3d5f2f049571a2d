/** Labels: chips to take off, and a line to add more. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import { Chip, Text } from "../../components";
import { useDraft } from "../../state/drafts";
import { spacing } from "../../theme";
import { useReturnFocus } from "../../utilities/focus";
import { LIMITS } from "../../utilities/limits";
import { useTexts } from "../../utilities/texts";
import { AddForm } from "./add-form";
import type { TaskPartProps } from "./task-part";
import { TaskSection } from "./task-section";

/** The most labels of a task (the API's `Labels`). */
const MAX_LABELS = 50;

export function LabelsField(props: TaskPartProps) {
  const { board, task, mayEdit } = props;
  const texts = useTexts().task;
  const [heading, toHeading] = useReturnFocus();
  const { labels } = task;
  const remove = (label: string) => {
    board.changeTask(task.id, { labels: labels.filter((other) => other !== label) });
    toHeading();
  };
  return (
    <TaskSection ref={heading} title={texts.labels} look="label">
      {labels.length > 0 ? (
        <View style={styles.row}>
          {labels.map((label) => (
            <Chip
              key={label}
              label={label}
              hue={label}
              onRemove={mayEdit ? () => remove(label) : undefined}
            />
          ))}
        </View>
      ) : (
        !mayEdit && <Text tone="textMuted">{texts.noLabels}</Text>
      )}
      {mayEdit && <AddLabel {...props} />}
    </TaskSection>
  );
}

function AddLabel({ board, task }: TaskPartProps) {
  const texts = useTexts().task;
  const draft = useDraft({ address: board.address, task: task.id, field: "label" }, "");
  const [tried, setTried] = useState(false);
  const { labels } = task;
  const label = draft.value.trim();
  const full = labels.length >= MAX_LABELS && label !== "" ? texts.tooManyLabels(MAX_LABELS) : null;
  const missing = tried && label === "" ? texts.labelMissing : null;
  const add = () => {
    setTried(label === "");
    if (label !== "") {
      board.changeTask(task.id, { labels: [...labels, label] });
    }
    return label !== "";
  };
  return (
    <AddForm
      inputs={[
        {
          label: texts.labelName,
          draft,
          maxLength: LIMITS.label,
          error: labels.includes(label) ? texts.labelTwice : (full ?? missing),
        },
      ]}
      label={texts.addLabel}
      onAdd={add}
    />
  );
}

const styles = StyleSheet.create({
  row: { flexDirection: "row", flexWrap: "wrap", gap: spacing.s },
});
