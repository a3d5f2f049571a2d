/** The screen "Login". */

import { Screen } from "../../components/screen";
import { useTexts } from "../../utilities/texts";

export function LoginScreen({ next }: { readonly next: string }) {
  const { shell } = useTexts();
  return (
    <Screen title={shell.logIn} width="narrow">
      {next}
    </Screen>
  );
}
