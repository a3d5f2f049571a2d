/** What a task is: each field is changed where it stands. */

import type { OpenBoard } from "../../state/board-session.interface";
import type { BoardTask } from "../../state/types";
import { NameField } from "../../components/board/name-field";
import { MAX_TITLE } from "../../components/board/quick-add";
import { Select, Text } from "../../components";
import { useBoardHead } from "../../state/hooks";
import { useTexts } from "../../utilities/texts";
import { TaskPanel } from "./task-panel";

export function TaskDetails({
  board,
  task,
}: {
  readonly board: OpenBoard;
  readonly task: BoardTask;
  readonly me: string | null;
}) {
  const texts = useTexts().task;
  const head = useBoardHead(board);
  const mayEdit = head?.role !== "viewer";
  const { id } = task;
  return (
    <TaskPanel
      title={task.title}
      head={<Text tone="textMuted">{id > 0 ? texts.number(id) : texts.unsent}</Text>}
    >
      <NameField
        look="title"
        value={task.title}
        label={texts.title}
        action={texts.editTitle}
        editable={mayEdit}
        maxLength={MAX_TITLE}
        onChange={(title) => board.changeTask(id, { title })}
      />
      <Select
        label={texts.status}
        value={task.status}
        disabled={!mayEdit}
        options={(head?.columns ?? []).map(({ key, name }) => ({ value: key, label: name }))}
        onChange={(status) => board.moveTask(id, { status, before: null })}
      />
    </TaskPanel>
  );
}
