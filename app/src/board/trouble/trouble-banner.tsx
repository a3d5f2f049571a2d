/** Says that changes need a decision, and leads to it: on the board, and on a task that covers it. */

import { useState } from "react";
import type { OpenBoard } from "../../sync";
import { useTroubles } from "../../state/hooks";
import { useTexts } from "../../utilities/texts";
import { Banner } from "../../components/banner";
import { Button } from "../../components/button";
import { TroubleDialog } from "./trouble-dialog";

export function TroubleBanner({ board }: { readonly board: OpenBoard }) {
  const texts = useTexts().board;
  const count = useTroubles(board).length;
  const [looking, setLooking] = useState(false);
  if (count === 0) {
    return null;
  }
  const look = <Button size="small" label={texts.look} onPress={() => setLooking(true)} />;
  return (
    <>
      <Banner tone="warning" title={texts.troubles(count)} actions={look} />
      {looking && <TroubleDialog board={board} onClose={() => setLooking(false)} />}
    </>
  );
}
