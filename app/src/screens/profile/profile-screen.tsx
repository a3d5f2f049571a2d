/** The screen "Profile". */

import { Screen } from "../../components/screen";
import { useTexts } from "../../utilities/texts";

export function ProfileScreen() {
  const { shell } = useTexts();
  return <Screen title={shell.profile} width="narrow" />;
}
