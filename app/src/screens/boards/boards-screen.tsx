/** The boards of a mode. */

import { Screen } from "../../components/screen";
import type { Mode } from "../../state/types";
import { useTexts } from "../../utilities/texts";

export function BoardsScreen({ mode }: { readonly mode: Mode }) {
  const { shell } = useTexts();
  return <Screen title={mode === "teams" ? shell.boards : shell.withoutAccount} />;
}
