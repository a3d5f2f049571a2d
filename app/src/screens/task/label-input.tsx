/** A line that adds a label: while it is typed the board's labels are suggested (a combobox of ARIA). */

import { useId, useMemo, useRef, useState } from "react";
import { StyleSheet, View } from "react-native";
import { TextField, type Focusable } from "../../components";
import { useDraft } from "../../state/drafts";
import { useTasks } from "../../state/hooks";
import { LIMITS, lengthOf } from "../../utilities/limits";
import { pressedKey } from "../../utilities/keys";
import { useTexts } from "../../utilities/texts";
import { seenLine } from "../../utilities/visible";
import type { KeyEvent } from "../../utilities/web";
import { suggestLabels } from "./suggest-labels";
import { SuggestionList } from "./suggestion-list";
import type { TaskPartProps } from "./task-part";

/** The most labels of a task (the API's `Labels`). */
const MAX_LABELS = 50;

export function LabelInput({ board, task }: TaskPartProps) {
  const texts = useTexts();
  const draft = useDraft({ address: board.address, task: task.id, field: "label" }, "");
  const [open, setOpen] = useState(false);
  /** Nothing is looked for while nobody is at the field. */
  const [active, setActive] = useState(false);
  /** The suggestion that the arrows have reached; -1: the field itself. */
  const [at, setAt] = useState(-1);
  const field = useRef<Focusable>(null);
  const id = useId();
  const label = seenLine(draft.value);
  const error = useLabelError(label, task.labels);
  const tasks = useTasks(board);
  const labels = useMemo(
    () => (active ? suggestLabels(tasks, task.labels, label) : []),
    [active, tasks, task.labels, label],
  );
  // A new one can be added by a finger, too.
  const options = [
    ...labels.map((name) => ({ name, words: name })),
    ...(active && label !== "" && error === null && !labels.includes(label)
      ? [{ name: label, words: texts.task.addLabelOf(label) }]
      : []),
  ];
  const show = (next: boolean) => {
    setOpen(next);
    setAt(-1);
  };
  const begin = () => {
    setActive(true);
    show(true);
  };
  const add = (name: string) => {
    if (name !== "" && (name !== label || error === null)) {
      board.changeTask(task.id, { labels: [...task.labels, name] });
      draft.clear();
      show(false);
    }
    field.current?.focus();
  };
  const go = (step: 1 | -1) => {
    const places = options.length + 1;
    setOpen(true);
    setAt(((at + 1 + step + places) % places) - 1);
  };
  const onKey = (event: KeyEvent) => {
    const chosen = options[at];
    switch (pressedKey(event)) {
      case "ArrowDown":
        event.preventDefault();
        go(1);
        break;
      case "ArrowUp":
        event.preventDefault();
        go(-1);
        break;
      case "Enter":
        if (chosen !== undefined) {
          event.preventDefault();
          add(chosen.name);
        }
        break;
      case "Escape":
        if (open) {
          event.preventDefault();
          show(false);
        }
    }
  };
  const shown = open && options.length > 0;
  return (
    <View style={styles.all}>
      <TextField
        ref={field}
        label={texts.task.labelName}
        hideLabel
        placeholder={texts.task.addLabel}
        value={draft.value}
        error={error}
        onChangeText={(text) => {
          draft.set(text);
          begin();
        }}
        onSubmit={() => add(label)}
        onFocus={begin}
        onBlur={() => {
          setActive(false);
          show(false);
        }}
        onKeyDown={onKey}
        web={{
          role: "combobox",
          "aria-autocomplete": "list",
          "aria-expanded": shown,
          "aria-controls": shown ? id : undefined,
          "aria-activedescendant": shown && at >= 0 ? `${id}-${at}` : undefined,
        }}
      />
      {shown && (
        <SuggestionList
          id={id}
          label={texts.task.labelsOfBoard}
          options={options}
          at={at}
          onChoose={add}
        />
      )}
    </View>
  );
}

function useLabelError(label: string, labels: readonly string[]): string | null {
  const { task: texts, kit } = useTexts();
  const length = lengthOf(label);
  if (length > LIMITS.label) {
    return kit.tooLong(length, LIMITS.label);
  }
  if (labels.includes(label)) {
    return texts.labelTwice;
  }
  return labels.length >= MAX_LABELS && label !== "" ? texts.tooManyLabels(MAX_LABELS) : null;
}

const styles = StyleSheet.create({ all: { zIndex: 1 } });
