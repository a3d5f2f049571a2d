/** A board, or why it cannot be shown. */

import { Banner, Button, EmptyState, Skeleton } from "../components";
import { UnsentChanges } from "./trouble/unsent-changes";
import { Screen } from "../navigation/screen";
import { startAt } from "../navigation/open";
import { paths } from "../navigation/routes";
import { useSession } from "../state/session";
import type { BoardAddress, BoardStatus, OpenBoard } from "../sync";
import { useHeadField, useBoardStatus, useOpenBoard } from "../state/hooks";
import { spacing } from "../theme";
import { useTexts } from "../utilities/texts";
import { errorText } from "../utilities/texts/errors";
import { useEffect } from "react";
import { ScrollView, StyleSheet, View } from "react-native";
import { OpenBoardPage } from "./open-board-page";
import { StrayDrafts } from "./trouble/stray-drafts";

export function BoardScreen({ address }: { readonly address: BoardAddress }) {
  const board = useOpenBoard(address);
  const me = useSession((session) => session.user?.username ?? null);
  const texts = useTexts().board;
  const title = useHeadField(board, "name");
  const status = useBoardStatus(board);
  const name = address.mode === "teams" ? me : null;
  return (
    <Screen title={useWhyNot(status, address) ?? title ?? texts.loading} hideTitle width="full">
      {status.status === "ready" && title !== undefined ? (
        <>
          {status.from === "device" && (
            <View style={styles.notice}>
              <Banner>{texts.fromDevice}</Banner>
            </View>
          )}
          <OpenBoardPage board={board} me={name} />
        </>
      ) : (
        <NotShown board={board} status={status} />
      )}
    </Screen>
  );
}

/** Why a board cannot be shown, in a sentence; null: it is shown, or on its way. */
function useWhyNot(status: BoardStatus, { mode }: BoardAddress): string | null {
  const texts = useTexts().board;
  if (status.status === "failed") return texts.failed;
  if (status.status !== "gone") return null;
  const words = {
    deleted: texts.goneDeleted,
    removed: texts.goneRemoved,
    "not-found": mode === "quick-win" ? texts.goneQuickWin : texts.goneNotFound,
  };
  return words[status.reason];
}

/** What can be done about a board that is gone. */
function useHint(status: BoardStatus, board: OpenBoard): string {
  const texts = useTexts().board;
  const role = useHeadField(board, "role");
  if (board.address.mode === "quick-win") return texts.goneQuickWinHint;
  // Of a board that was opened only now it is not known whose it is.
  if (status.status === "gone" && status.reason === "not-found") return texts.goneUnknownHint;
  const isOwn = status.status === "gone" && status.reason === "deleted" && role === "owner";
  return isOwn ? texts.goneOwnHint : texts.goneHint;
}

/** What is shown where a board cannot be. */
export function NotShown({
  board,
  status,
}: {
  readonly board: OpenBoard;
  readonly status: BoardStatus;
}) {
  const texts = useTexts();
  const { mode } = board.address;
  const hint = useHint(status, board);
  useLookAgain(board, status);
  const why = useWhyNot(status, board.address) ?? "";
  const all = (
    <Button
      label={texts.board.back}
      to={paths.boards(mode)}
      onPress={() => startAt(paths.boards(mode))}
      icon="back"
    />
  );
  if (status.status === "gone") {
    return (
      <ScrollView contentContainerStyle={styles.gone}>
        <EmptyState icon="board" title={why} actions={all}>
          {hint}
        </EmptyState>
        <UnsentChanges board={board} />
        <StrayDrafts board={board} />
      </ScrollView>
    );
  }
  if (status.status === "failed") {
    return (
      <EmptyState
        icon="offline"
        title={why}
        actions={
          <>
            <Button kind="primary" label={texts.kit.retry} onPress={() => board.reconnect()} />
            {all}
          </>
        }
      >
        {errorText(status.error, texts)}
      </EmptyState>
    );
  }
  return <Bones />;
}

/** How often to check whether a deleted board of a team is back, in milliseconds: there is no event. */
const LOOK_EVERY = 15_000;

function useLookAgain(board: OpenBoard, { status }: BoardStatus) {
  const looks = status === "gone" && board.address.mode === "teams";
  useEffect(() => {
    if (!looks) return undefined;
    const timer = setInterval(() => board.reconnect(), LOOK_EVERY);
    return () => clearInterval(timer);
  }, [board, looks]);
}

/** Grey columns while the board loads. */
function Bones() {
  const texts = useTexts().board;
  return (
    <View role="progressbar" aria-label={texts.loading} style={styles.bones}>
      {[3, 2, 1].map((cards) => (
        <View key={cards} style={styles.column}>
          <Skeleton width="50%" height={20} />
          {Array.from({ length: cards }, (_, index) => (
            <Skeleton key={index} height={72} radius={10} />
          ))}
        </View>
      ))}
    </View>
  );
}

const styles = StyleSheet.create({
  notice: { paddingHorizontal: spacing.m, paddingTop: spacing.s },
  gone: { paddingBottom: spacing.xl, paddingHorizontal: spacing.m, gap: spacing.l },
  bones: { flexDirection: "row", gap: spacing.m, padding: spacing.l, overflow: "hidden" },
  column: { width: 280, gap: spacing.m },
});
