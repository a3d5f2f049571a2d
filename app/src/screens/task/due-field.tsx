/** The day a task is due. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import { Button } from "../../components";
import { dueWords } from "../../board/card/card-words";
import { Collision } from "../../board/trouble/collision";
import { dayOf, endOfDay } from "../../board/card/due";
import { useNow } from "../../components/use-now";
import { useDraft } from "../../state/drafts";
import { spacing } from "../../theme";
import { useReturnFocus } from "../../utilities/focus";
import { useTexts, type Catalogue } from "../../utilities/texts";
import { useFormats, type Formats } from "../../utilities/texts/formats";
import { DayInput } from "../../components/day-input";
import { Fact } from "../../components/fact";
import type { TaskPartProps } from "./task-part";

export function DueField(props: TaskPartProps) {
  const texts = useTexts();
  const formats = useFormats();
  const now = useNow();
  const { task, mayEdit } = props;
  const words = task.due_at === null ? null : fullWords(task.due_at, now, texts, formats);
  return mayEdit ? (
    <DueEditor {...props} words={words ?? undefined} />
  ) : (
    <Fact label={texts.task.due} value={words ?? "–"} />
  );
}

function DueEditor({ board, task, words }: TaskPartProps & { readonly words?: string }) {
  const texts = useTexts();
  const formats = useFormats();
  const day = dayOf(task.due_at);
  // The day over which somebody is typing.
  const [begun, setBegun] = useState<string | null>(null);
  const key = { address: board.address, task: task.id, field: "due_at" };
  const draft = useDraft(key, begun ?? day);
  const [error, setError] = useState<string | null>(null);
  // Another field: the browser keeps what it makes no day of where its value is set to "".
  const [round, setRound] = useState(0);
  const [field, toField] = useReturnFocus();
  /** @param over what it was when it was begun */
  const save = (typed: string | null, over: string) => {
    const empty = typed?.trim() === "";
    const due = typed === null || empty ? null : endOfDay(typed);
    const wrong = typed === null ? texts.task.dueNoDay : texts.task.dueWrong;
    setError(empty || due !== null ? null : wrong);
    if (!empty && due === null) return;
    setBegun(null);
    // Somebody set another one meanwhile: both are shown.
    if (day !== over && day !== typed) return;
    draft.clear();
    if (empty ? task.due_at !== null : typed !== day) {
      board.changeTask(task.id, { due_at: due });
    }
  };
  const leave = (typed: string | null) =>
    save(typed, typed === draft.value ? draft.base : (begun ?? day));
  const giveUp = () => {
    draft.clear();
    setBegun(null);
    setError(null);
    setRound(round + 1);
    toField();
  };
  const remove = () => {
    board.changeTask(task.id, { due_at: null });
    giveUp();
  };
  const keepMine = () => {
    save(draft.value, day);
    toField();
  };
  const waits = draft.dirty && begun === null;
  return (
    <>
      <View style={styles.row}>
        <DayInput
          key={round}
          ref={field}
          label={texts.task.due}
          hint={waits ? texts.kit.draftFromBefore : words}
          error={error}
          day={draft.value}
          onBegin={() => setBegun(day)}
          onTyped={(typed) => (typed === null ? draft.clear() : draft.set(typed))}
          onDay={leave}
        />
        {waits && !draft.theirsChanged && (
          <>
            <Button kind="primary" size="small" label={texts.task.save} onPress={keepMine} />
            <Button kind="quiet" size="small" label={texts.task.discardDraft} onPress={giveUp} />
          </>
        )}
        {!waits && task.due_at !== null && (
          <Button kind="quiet" size="small" label={texts.task.removeDue} onPress={remove} />
        )}
      </View>
      {draft.theirsChanged && (
        <Collision
          mine={dateOf(draft.value, formats)}
          theirs={dateOf(day, formats)}
          onKeepMine={keepMine}
          onTakeTheirs={giveUp}
        />
      )}
    </>
  );
}

/** @param day as it was typed */
function dateOf(day: string, formats: Formats): string {
  const due = endOfDay(day);
  return due === null ? day : formats.date(due);
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
