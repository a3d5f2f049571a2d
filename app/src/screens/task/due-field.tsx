/** The day a task is due. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import { Button } from "../../components";
import { dueWords } from "../../components/board/card-words";
import { dayOf, endOfDay } from "../../components/board/due";
import { useNow } from "../../components/board/use-now";
import { spacing } from "../../theme";
import { useReturnFocus } from "../../utilities/focus";
import { useTexts } from "../../utilities/texts";
import { useFormats } from "../../utilities/texts/formats";
import { DayInput } from "./day-input";
import { Fact } from "./fact";
import type { TaskPartProps } from "./task-part";

export function DueField({ board, task, mayEdit }: TaskPartProps) {
  const texts = useTexts();
  const formats = useFormats();
  const now = useNow();
  const day = dayOf(task.due_at);
  const [wrong, setWrong] = useState(false);
  const [field, toField] = useReturnFocus();
  const words =
    task.due_at === null ? null : dueWords(task.due_at, now, texts.board, formats.date).words;
  if (!mayEdit) {
    return <Fact label={texts.task.due} value={words ?? "–"} />;
  }
  const change = (typed: string) => {
    const due = typed.trim() === "" ? null : endOfDay(typed);
    setWrong(typed.trim() !== "" && due === null);
    if (typed.trim() === "" ? task.due_at !== null : due !== null && typed !== day) {
      board.changeTask(task.id, { due_at: due });
    }
  };
  return (
    <View style={styles.row}>
      <DayInput
        ref={field}
        label={texts.task.due}
        hint={words ?? undefined}
        error={wrong ? texts.task.dueWrong : null}
        day={day}
        onDay={change}
      />
      {task.due_at !== null && (
        <Button
          kind="quiet"
          size="small"
          label={texts.task.removeDue}
          onPress={() => {
            board.changeTask(task.id, { due_at: null });
            toField();
          }}
        />
      )}
    </View>
  );
}

const styles = StyleSheet.create({
  row: { flexDirection: "row", flexWrap: "wrap", gap: spacing.s, alignItems: "center" },
});
