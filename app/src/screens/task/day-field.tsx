/** The day a task starts, and the day it is due. */

import { useEffect, useState } from "react";
import { StyleSheet, View } from "react-native";
import { Button } from "../../components";
import { dueWords } from "../../board/card/card-words";
import { Collision } from "../../board/trouble/collision";
import { dayOf, endOfDay, startOfDay } from "../../board/card/due";
import { useNow } from "../../components/use-now";
import { useDraft } from "../../state/drafts";
import { spacing } from "../../theme";
import { useReturnFocus } from "../../utilities/focus";
import { useTexts, type Catalogue } from "../../utilities/texts";
import { useFormats, type Formats } from "../../utilities/texts/formats";
import { DayInput } from "../../components/day-input";
import { Fact } from "../../components/fact";
import type { TaskPartProps } from "./task-part";

/** What is different about the two. */
interface Kind {
  readonly field: "start_at" | "due_at";
  readonly label: string;
  readonly noDay: string;
  readonly remove: string;
  /** What is wrong with a moment beside the other day. */
  readonly wrong: (moment: string) => string | null;
  /** @returns null where a text is no day */
  readonly momentOf: (day: string) => string | null;
}

/** @param asked somebody asked for it just now, and has the keyboard in it */
export function StartField({
  asked = false,
  ...props
}: TaskPartProps & { readonly asked?: boolean }) {
  const { task: texts } = useTexts();
  const formats = useFormats();
  const { task, mayEdit } = props;
  const moment = task.start_at === null ? null : formats.start(task.start_at);
  if (!mayEdit) return <Fact label={texts.start} value={moment ?? "–"} />;
  const isDay = task.start_at === null || moment === formats.date(task.start_at);
  const kind: Kind = {
    field: "start_at",
    label: texts.start,
    noDay: texts.startNoDay,
    remove: texts.removeStart,
    wrong: (start) => (isBefore(task.due_at, start) ? texts.startAfterDue : null),
    momentOf: startOfDay,
  };
  const words = isDay ? undefined : (moment ?? undefined);
  return <DayEditor {...props} kind={kind} words={words} autoFocus={asked} />;
}

export function DueField(props: TaskPartProps) {
  const texts = useTexts();
  const formats = useFormats();
  const now = useNow();
  const { task, mayEdit } = props;
  const words = task.due_at === null ? null : fullWords(task.due_at, now, texts, formats);
  if (!mayEdit) return <Fact label={texts.task.due} value={words ?? "–"} />;
  const kind: Kind = {
    field: "due_at",
    label: texts.task.due,
    noDay: texts.task.dueNoDay,
    remove: texts.task.removeDue,
    wrong: (due) => (isBefore(due, task.start_at) ? texts.task.dueBeforeStart : null),
    momentOf: endOfDay,
  };
  return <DayEditor {...props} kind={kind} words={words ?? undefined} />;
}

function isBefore(moment: string | null, other: string | null): boolean {
  return moment !== null && other !== null && Date.parse(moment) < Date.parse(other);
}

function DayEditor({
  board,
  task,
  kind,
  words,
  autoFocus = false,
}: TaskPartProps & {
  readonly kind: Kind;
  readonly words?: string | undefined;
  readonly autoFocus?: boolean;
}) {
  const texts = useTexts();
  const formats = useFormats();
  const { field: name } = kind;
  const day = dayOf(task[name]);
  // The day over which somebody is typing.
  const [begun, setBegun] = useState<string | null>(null);
  const key = { address: board.address, task: task.id, field: name };
  const draft = useDraft(key, begun ?? day);
  const [error, setError] = useState<string | null>(null);
  // Another field: the browser keeps what it makes no day of where its value is set to "".
  const [round, setRound] = useState(0);
  const [field, toField] = useReturnFocus();
  useEffect(() => {
    if (autoFocus) toField();
  }, [autoFocus, toField]);
  /** @param over what it was when it was begun */
  const save = (typed: string | null, over: string) => {
    const empty = typed?.trim() === "";
    const moment = typed === null || empty ? null : kind.momentOf(typed);
    const noDay = typed === null ? kind.noDay : texts.task.dueWrong;
    const wrong = moment === null ? (empty ? null : noDay) : kind.wrong(moment);
    setError(wrong);
    if (wrong !== null) return;
    setBegun(null);
    // Somebody set another one meanwhile: both are shown.
    if (day !== over && day !== typed) return;
    draft.clear();
    if (empty ? task[name] !== null : typed !== day) {
      board.changeTask(task.id, { [name]: moment });
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
    board.changeTask(task.id, { [name]: null });
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
          label={kind.label}
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
        {!waits && task[name] !== null && (
          <Button kind="quiet" size="small" label={kind.remove} onPress={remove} />
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
  const moment = endOfDay(day);
  return moment === null ? day : formats.date(moment);
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
