/** A board's past: the board as it was, and what leads from one moment to the next. */

import { useQuery } from "@tanstack/react-query";
import { useEffect, useLayoutEffect, useMemo, useState } from "react";
import { StyleSheet, View } from "react-native";
import { Banner, Button, EmptyState, Spinner } from "../../components";
import { BoardProvider } from "../board-context";
import { BoardView } from "../board-view";
import { PrintedBoard } from "../printed-board";
import { CardFocus } from "../card/card-focus";
import { columnWidthFor } from "../columns/column-width";
import type { OpenBoard, TaskId } from "../../sync";
import { useBoardColumns } from "../../state/hooks";
import type { Moment, Past } from "../../state/past";
import { PastBoard } from "../../state/past-board";
import { openPast, openPastAsAdmin } from "../../state/past-sources";
import { spacing, useLayout } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { errorText } from "../../utilities/texts/errors";
import { useHistoryTexts } from "../../utilities/texts/history";
import { BoardScroller } from "../columns/board-scroller";
import { useAllParts } from "../use-all-parts";
import { useBoardFilter } from "../filter/use-board-filter";
import { useBoardShortcuts } from "../use-board-shortcuts";
import { PastTask } from "./past-task";
import { TimelineControls } from "./timeline-controls";
import { usePlayer, type Player } from "./use-player";

export interface TimelineProps {
  /** The board as it is now: it continues living beside this. */
  readonly live: OpenBoard;
  /** The moment that is shown first, by its event or by its time (RFC 3339); `null`: now. */
  readonly at: number | string | null;
  /** The task that is shown as it was then. */
  readonly task: TaskId | null;
}

export function Timeline({ live, at, task }: TimelineProps) {
  // What happens meanwhile moves nothing here.
  const [last] = useState(() => live.head()?.seq ?? 0);
  const { mode, id } = live.address;
  const past = useQuery({
    queryKey: ["past", mode, id, last, at],
    queryFn: async () => begun(await openPast({ mode, id }, last), at),
    staleTime: Infinity,
    gcTime: 0,
    structuralSharing: false,
  });
  if (past.data !== undefined) {
    return <Shown live={live} {...past.data} task={task} />;
  }
  return past.error === null ? (
    <Spinner />
  ) : (
    <Failed error={past.error} onRetry={() => void past.refetch()} />
  );
}

export interface AdminTimelineProps extends Omit<TimelineProps, "live"> {
  readonly id: number;
  /** Called with the board's current name. */
  readonly onName: (name: string) => void;
}

/** The past of a board as an admin sees it who is not a member: of the board as it is nothing opens to them. */
export function AdminTimeline({ id, at, task, onName }: AdminTimelineProps) {
  const texts = useHistoryTexts();
  const seen = useQuery({
    queryKey: ["past", "admin", id, at],
    queryFn: async () => {
      const past = await openPastAsAdmin(id);
      const now = await past.moment(past.range.last);
      return { ...(await begun(past, at)), live: new PastBoard({ mode: "teams", id }, now) };
    },
    staleTime: Infinity,
    gcTime: 0,
    structuralSharing: false,
  });
  const name = seen.data?.live.head()?.name;
  useEffect(() => {
    if (name !== undefined) onName(name);
  }, [name, onName]);
  if (seen.data !== undefined) {
    return (
      <>
        <Banner icon="eye">{texts.asAdmin}</Banner>
        <Shown {...seen.data} task={task} />
      </>
    );
  }
  return seen.error === null ? (
    <Spinner />
  ) : (
    <Failed error={seen.error} onRetry={() => void seen.refetch()} />
  );
}

/** A past, and the number of the moment that is shown first. */
async function begun(past: Past, at: number | string | null) {
  const seq = typeof at === "string" ? await past.seqAt(at) : at;
  return { past, at: seq ?? past.range.last };
}

function Shown({
  live,
  past,
  at,
  task,
}: Omit<TimelineProps, "at"> & { readonly past: Past; readonly at: number }) {
  const texts = useHistoryTexts();
  const player = usePlayer(past, at);
  if (player.first === player.last) {
    return <EmptyState icon="clock" title={texts.nothingYet} />;
  }
  if (player.moment !== null) {
    return (
      <PastPage live={live} past={past} player={player} moment={player.moment} opened={task} />
    );
  }
  return player.error === null ? (
    <Spinner label={texts.readingMoment} />
  ) : (
    <Failed error={player.error} onRetry={player.retry} />
  );
}

function PastPage({
  live,
  past,
  player,
  moment,
  opened,
}: {
  readonly live: OpenBoard;
  readonly past: Past;
  readonly player: Player;
  readonly moment: Moment;
  readonly opened: TaskId | null;
}) {
  const { width, low } = useLayout();
  const [room, setRoom] = useState(width);
  const [task, setTask] = useState(opened);
  const [board] = useState(() => new PastBoard(live.address, moment));
  useLayoutEffect(() => board.show(moment), [board, moment]);
  const columns = useBoardColumns(board);
  const { width: columnWidth, snap } = columnWidthFor(room, columns.length, 0);
  const parts = usePastParts(board, columnWidth, setTask);
  const controls = (
    <TimelineControls live={live} past={past} player={player} board={board} moment={moment} />
  );
  return (
    <BoardProvider value={parts}>
      <BoardScroller
        top={
          <>
            {player.error !== null && <Failed error={player.error} onRetry={player.retry} banner />}
            {/* What leads to other moments scrolls away with the head. */}
            {low && controls}
          </>
        }
      >
        <BoardView
          columnWidth={columnWidth}
          snap={snap}
          adding={null}
          onAdding={nothing}
          onWidth={setRoom}
        />
      </BoardScroller>
      {!low && controls}
      <PrintedBoard />
      {task !== null && (
        <PastTask live={live} then={board} id={task} onClose={() => setTask(null)} />
      )}
    </BoardProvider>
  );
}

const nothing = () => undefined;

/** The parts of a board that is only looked at; a card opens as it was. */
function usePastParts(board: PastBoard, columnWidth: number, onOpen: (task: TaskId) => void) {
  const [focus] = useState(() => new CardFocus());
  const filter = useBoardFilter(board, focus);
  const all = useAllParts(board, null, columnWidth, focus, filter, nothing);
  const parts = useMemo(
    () => ({ ...all, commands: { ...all.commands, open: onOpen }, past: true }),
    [all, onOpen],
  );
  useBoardShortcuts(parts, { add: nothing, search: null, undoing: [] });
  return parts;
}

function Failed({
  error,
  onRetry,
  banner = false,
}: {
  readonly error: Error;
  readonly onRetry: () => void;
  /** Over what was there before. */
  readonly banner?: boolean;
}) {
  const all = useTexts();
  const texts = useHistoryTexts();
  const retry = <Button size="small" label={all.kit.retry} onPress={onRetry} />;
  const why = errorText(error, all);
  return banner ? (
    <Banner tone="warning" title={texts.momentFailed} actions={retry}>
      {why}
    </Banner>
  ) : (
    <View style={styles.failed}>
      <EmptyState icon="offline" title={texts.momentFailed} actions={retry}>
        {why}
      </EmptyState>
    </View>
  );
}

const styles = StyleSheet.create({ failed: { padding: spacing.l } });
