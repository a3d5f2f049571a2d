/** How work flows over a board: what is around the numbers, which are loaded when they are shown. */

import { useMemo } from "react";
import { lazily } from "../../components/lazily";
import { Screen } from "../../navigation/screen";
import { useBoardStatus, useHeadField, useOpenBoard } from "../../state/hooks";
import { useTexts } from "../../utilities/texts";
import { NotShown } from "../../board/board-screen";

const InsightsPage = lazily(() => import("./insights-page").then(({ InsightsPage: page }) => page));

export function InsightsScreen({ board: id }: { readonly board: number }) {
  const texts = useTexts().board;
  const board = useOpenBoard(useMemo(() => ({ mode: "teams", id }), [id]));
  const status = useBoardStatus(board);
  const name = useHeadField(board, "name");
  const ready = status.status === "ready" && name !== undefined;
  return (
    <Screen title={ready ? texts.insightsOf(name) : texts.insights}>
      {ready ? <InsightsPage board={board} /> : <NotShown board={board} status={status} />}
    </Screen>
  );
}
