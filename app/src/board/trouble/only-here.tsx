/** Before a board is given up: how much of it is on this device alone, and would be lost. */

import { useEffect, useState } from "react";
import { countOnlyHere } from "../../state/open-boards";
import type { BoardAddress } from "../../sync";
import { useTexts } from "../../utilities/texts";
import { Banner } from "../../components/banner";

export function OnlyHere({ address: { mode, id } }: { readonly address: BoardAddress }) {
  const texts = useTexts().board;
  const [count, setCount] = useState(0);
  useEffect(() => {
    void countOnlyHere({ mode, id }).then(setCount);
  }, [mode, id]);
  return count > 0 && <Banner tone="danger">{texts.onlyHere(count)}</Banner>;
}
