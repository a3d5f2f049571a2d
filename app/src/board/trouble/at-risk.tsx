/** Says that the device has no room for what is not sent, or not even saved: on the board, and on a task over it. */

import type { OpenBoard } from "../../sync";
import { useDraftsAtRisk } from "../../state/drafts";
import { useReading } from "../../state/hooks";
import { useTexts } from "../../utilities/texts";
import { Banner } from "../../components/banner";

export function AtRisk({ board }: { readonly board: OpenBoard }) {
  const texts = useTexts().board;
  const changes = useReading(board, () => board.isAtRisk());
  const drafts = useDraftsAtRisk();
  if (!changes && !drafts) {
    return null;
  }
  return <Banner tone="danger">{changes ? texts.atRisk : texts.draftsAtRisk}</Banner>;
}
