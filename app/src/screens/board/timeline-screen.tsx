/** A board as it stood at any moment. */

import { Button } from "../../components";
import { Screen } from "../../components/screen";
import { open } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import { useMe } from "../../state/account";
import { useBoardStatus, useHeadField, useOpenBoard } from "../../state/hooks";
import { useBoardNames } from "../../state/queries";
import type { OpenBoard } from "../../state/board-session.interface";
import type { BoardAddress, TaskId } from "../../state/types";
import { useTexts } from "../../utilities/texts";
import { NotShown } from "./board-screen";
import { AdminTimeline, Timeline } from "./looking-back";

export function TimelineScreen({
  address,
  at,
  task,
}: {
  readonly address: BoardAddress;
  /** The moment that is shown first; `null`: now. */
  readonly at: number | null;
  /** The task that is shown as it was then. */
  readonly task: TaskId | null;
}) {
  const board = useOpenBoard(address);
  const texts = useTexts().board;
  const name = useHeadField(board, "name");
  const status = useBoardStatus(board);
  const now = paths.board(address);
  const me = useMe();
  // What the activity tells of, admins see as it was (API-AT).
  if (status.status === "gone" && address.mode === "teams" && me?.role === "admin") {
    return (
      <Screen title={texts.timeline} width="full">
        <AdminTimeline id={address.id} at={at} task={task} />
      </Screen>
    );
  }
  return (
    <Screen
      title={name === undefined ? texts.timeline : texts.timelineOf(name)}
      width="full"
      actions={
        <Button
          size="small"
          icon="forward"
          label={texts.backToNow}
          to={now}
          onPress={() => open(now)}
        />
      }
    >
      {status.status === "ready" && name !== undefined ? (
        <Looking live={board} at={at} task={task} />
      ) : (
        <NotShown board={board} status={status} />
      )}
    </Screen>
  );
}

function Looking(props: {
  readonly live: OpenBoard;
  readonly at: number | null;
  readonly task: TaskId | null;
}) {
  useBoardNames(props.live);
  return <Timeline {...props} />;
}
