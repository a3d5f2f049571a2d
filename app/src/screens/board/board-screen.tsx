/** A board: a place holder until the board's own screen is here. */

import { Screen } from "../../components/screen";
import type { BoardAddress } from "../../state/types";

export function BoardScreen({ address }: { readonly address: BoardAddress }) {
  return <Screen title={`#${address.id}`} width="full" />;
}
