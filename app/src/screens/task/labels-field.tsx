/** Labels: chips to take off, and a line to add more. */

import { StyleSheet, View } from "react-native";
import { Chip, Text } from "../../components";
import { spacing } from "../../theme";
import { useReturnFocus } from "../../utilities/focus";
import { useTexts } from "../../utilities/texts";
import { LabelInput } from "./label-input";
import type { TaskPartProps } from "./task-part";
import { TaskSection } from "./task-section";

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
      {mayEdit && <LabelInput {...props} />}
    </TaskSection>
  );
}

const styles = StyleSheet.create({
  row: { flexDirection: "row", flexWrap: "wrap", gap: spacing.s },
});
