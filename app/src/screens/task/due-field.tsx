/** The day a task is due. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import { Button } from "../../components";
import { dueWords } from "../../components/board/card-words";
import { dayOf, endOfDay } from "../../components/board/due";
import { useNow } from "../../components/board/use-now";
import { spacing } from "../../theme";
import { useReturnFocus } from "../../utilities/focus";
import { useTexts, type Catalogue } from "../../utilities/texts";
import { useFormats, type Formats } from "../../utilities/texts/formats";
import { DayInput } from "./day-input";
import { Fact } from "./fact";
import type { TaskPartProps } from "./task-part";

export function DueField({ board, task, mayEdit }: TaskPartProps) {
  const texts = useTexts();
  const formats = useFormats();
  const now = useNow();
  const day = dayOf(task.due_at);
  const [error, setError] = useState<string | null>(null);
  // Another field: the browser keeps what it makes no day of where its value is set to "".
  const [round, setRound] = useState(0);
  const [field, toField] = useReturnFocus();
  const words = task.due_at === null ? null : fullWords(task.due_at, now, texts, formats);
  if (!mayEdit) {
    return <Fact label={texts.task.due} value={words ?? "–"} />;
  }
  const change = (typed: string | null) => {
    const empty = typed?.trim() === "";
    const due = typed === null || empty ? null : endOfDay(typed);
    const wrong = typed === null ? texts.task.dueNoDay : texts.task.dueWrong;
    setError(empty || due !== null ? null : wrong);
    if (empty ? task.due_at !== null : due !== null && typed !== day) {
      board.changeTask(task.id, { due_at: due });
    }
  };
  const remove = () => {
    board.changeTask(task.id, { due_at: null });
    setError(null);
    setRound(round + 1);
    toField();
  };
  return (
    <View style={styles.row}>
      <DayInput
        key={round}
        ref={field}
        label={texts.task.due}
        hint={words ?? undefined}
        error={error}
        day={day}
        onDay={change}
      />
      {task.due_at !== null && (
        <Button kind="quiet" size="small" label={texts.task.removeDue} onPress={remove} />
      )}
    </View>
  );
}

/** How near it is, and the moment where the day in the field is not all of it. */
function fullWords(dueAt: string, now: number, { board, task }: Catalogue, formats: Formats) {
  const { words } = dueWords(dueAt, now, board, formats.date);
  const moment = formats.due(dueAt);
  return moment === formats.date(dueAt) ? words : task.dueMoment(words, moment);
}

const styles = StyleSheet.create({
  row: { flexDirection: "row", flexWrap: "wrap", gap: spacing.s, alignItems: "center" },
});
