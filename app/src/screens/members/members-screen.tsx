/** Who may see a board. */

import { Screen } from "../../components/screen";
import { useTexts } from "../../utilities/texts";

export function MembersScreen({ board }: { readonly board: number }) {
  const { shell } = useTexts();
  return <Screen title={`${shell.boards} ${board}`} width="narrow" />;
}
