/** What a card shows beside its title, in words: for the eye and for screen readers. */

import type { BoardTask } from "../../sync";
import { progressOf } from "../../utilities/task-list";
import type { Catalogue } from "../../utilities/texts";
import { dueState } from "./due";

type Texts = Catalogue["board"];

/** @param date writes a day in the user's language */
export function dueWords(
  dueAt: string,
  now: number,
  texts: Texts,
  date: (timestamp: string) => string,
): { words: string; tone: "danger" | "warning" | "textMuted" } {
  const state = dueState(dueAt, now);
  switch (state.kind) {
    case "overdue":
      return {
        words: state.days === 0 ? texts.overdueToday : texts.overdueSince(state.days),
        tone: "danger",
      };
    case "today":
      return { words: texts.dueToday, tone: "warning" };
    case "tomorrow":
      return { words: texts.dueTomorrow, tone: "textMuted" };
    case "soon":
      return { words: texts.dueIn(state.days), tone: "textMuted" };
    default:
      return { words: texts.dueOn(date(dueAt)), tone: "textMuted" };
  }
}

/** "ada is editing"; null where nobody is. */
export function editingWords(names: readonly string[], texts: Texts): string | null {
  if (names.length === 0) {
    return null;
  }
  const list = names.join(", ");
  return names.length === 1 ? texts.isEditing(list) : texts.areEditing(list);
}

/** All facts of a card in one sentence, for who does not see it. */
export function cardFacts(
  task: BoardTask,
  { editing, draft }: { readonly editing: readonly string[]; readonly draft: boolean },
  nameOf: (username: string) => string,
  now: number,
  texts: Texts,
  date: (timestamp: string) => string,
): string {
  const progress = progressOf(task.description);
  const facts = [
    task.labels.length > 0 ? texts.labels(task.labels.join(", ")) : null,
    task.start_at === null ? null : texts.startOn(date(task.start_at)),
    task.due_at === null ? null : dueWords(task.due_at, now, texts, date).words,
    task.assigned_to === null ? null : texts.assignedTo(nameOf(task.assigned_to)),
    task.comment_count > 0 ? texts.comments(task.comment_count) : null,
    task.item_count > 0 ? texts.itemsDone(task.done_count, task.item_count) : null,
    task.description === "" ? null : texts.hasDescription,
    progress === null ? null : texts.ticked(progress.done, progress.all),
    task.waiting ? texts.waiting : null,
    draft ? texts.unsavedDraft : null,
    editingWords(editing.map(nameOf), texts),
  ];
  return facts.filter((fact) => fact !== null).join(". ");
}
