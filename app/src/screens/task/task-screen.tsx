/** A task with all that belongs to it, over its board. */

import { useEffect } from "react";
import { EmptyState, Button } from "../../components";
import { useOwnTask } from "../../board/card/editing";
import { LeftDrafts } from "../../board/trouble/left-drafts";
import { TroubleBanner } from "../../board/trouble/trouble-banner";
import { goBack, renameTask } from "../../navigation/open";
import type { BoardAddress, OpenBoard, TaskId } from "../../sync";
import { useBoardStatus, useOpenBoard, useTask } from "../../state/hooks";
import { useBoardNames } from "../../state/queries";
import { useSession } from "../../state/session";
import { useTexts } from "../../utilities/texts";
import { NotShown } from "../../board/board-screen";
import { TaskDetails } from "./task-details";
import { TaskPanel } from "./task-panel";

export function TaskScreen({
  address,
  task,
}: {
  readonly address: BoardAddress;
  readonly task: TaskId;
}) {
  const board = useOpenBoard(address);
  const status = useBoardStatus(board);
  const me = useSession((session) => session.user?.username ?? null);
  const texts = useTexts().task;
  if (status.status !== "ready") {
    return (
      <TaskPanel title={texts.number(task)}>
        <NotShown board={board} status={status} />
      </TaskPanel>
    );
  }
  return <OneTask board={board} given={task} me={address.mode === "teams" ? me : null} />;
}

function OneTask({
  board,
  given,
  me,
}: {
  readonly board: OpenBoard;
  /** The id in the address: the queue's, perhaps, though the server has named it since. */
  readonly given: TaskId;
  readonly me: string | null;
}) {
  useBoardNames(board);
  const id = board.taskIdOf(given);
  const task = useTask(board, id);
  const texts = useTexts().task;
  useEffect(() => {
    board.announce(id);
    useOwnTask.setState({ id });
    return () => {
      board.announce(null);
      useOwnTask.setState({ id: null });
    };
  }, [board, id]);
  useEffect(() => {
    if (id !== given) {
      renameTask(board.address, given, id);
    }
  }, [board, given, id]);
  if (!task) {
    return (
      <TaskPanel title={texts.number(given)} notice={<TroubleBanner board={board} />}>
        <EmptyState
          icon="trash"
          title={texts.gone}
          actions={<Button kind="primary" label={texts.backToBoard} onPress={goBack} />}
        >
          {texts.goneHint}
        </EmptyState>
        <LeftDrafts address={board.address} task={id} />
      </TaskPanel>
    );
  }
  return <TaskDetails board={board} task={task} me={me} />;
}
