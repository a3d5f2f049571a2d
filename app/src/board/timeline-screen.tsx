/** A board as it was at any moment. */

import { useState } from "react";
import { Button, Spinner } from "../components";
import { Screen } from "../navigation/screen";
import { open } from "../navigation/open";
import { paths } from "../navigation/routes";
import { useMe } from "../state/account";
import { useBoardStatus, useHeadField, useOpenBoard } from "../state/hooks";
import { useBoardNames, useIsMine } from "../state/queries";
import type { BoardAddress, OpenBoard, TaskId } from "../sync";
import { useTexts } from "../utilities/texts";
import { NotShown } from "./board-screen";
import { AdminTimeline, Timeline } from "./looking-back";

interface TimelineScreenProps {
  readonly address: BoardAddress;
  /** The moment that is shown first, by its event or by its time (RFC 3339); `null`: now. */
  readonly at: number | string | null;
  /** The task that is shown as it was then. */
  readonly task: TaskId | null;
}

/** What the activity reports, admins see as it was, also where nothing else of the board opens to them (API-AT). */
export function TimelineScreen(props: TimelineScreenProps) {
  const me = useMe();
  const { mode, id } = props.address;
  const asks = mode === "teams" && me?.role === "admin";
  const mine = useIsMine(id, asks);
  if (asks && mine === false) return <AsAdmin {...props} />;
  const known = mode === "quick-win" || (asks ? mine !== undefined : me !== undefined);
  return known ? <AsMember {...props} /> : <Unknown />;
}

/** Nothing is asked of a board before it is known how it may be looked at. */
function Unknown() {
  return (
    <Screen title={useTexts().board.timeline} width="full">
      <Spinner />
    </Screen>
  );
}

function AsAdmin({ address: { id }, at, task }: TimelineScreenProps) {
  const texts = useTexts().board;
  const [name, setName] = useState<string>();
  return (
    <Screen title={name === undefined ? texts.timeline : texts.timelineOf(name)} width="full">
      <AdminTimeline id={id} at={at} task={task} onName={setName} />
    </Screen>
  );
}

function AsMember({ address, at, task }: TimelineScreenProps) {
  const board = useOpenBoard(address);
  const texts = useTexts().board;
  const name = useHeadField(board, "name");
  const status = useBoardStatus(board);
  const now = paths.board(address);
  const me = useMe();
  // Their own board that is in the trash, or from which they were just taken.
  if (status.status === "gone" && address.mode === "teams" && me?.role === "admin") {
    return <AsAdmin address={address} at={at} task={task} />;
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

function Looking(props: Omit<TimelineScreenProps, "address"> & { readonly live: OpenBoard }) {
  useBoardNames(props.live);
  return <Timeline {...props} />;
}
