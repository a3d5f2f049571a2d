/** The screen "Register". */

import { Screen } from "../../components/screen";
import { useTexts } from "../../utilities/texts";

export function RegisterScreen({ next }: { readonly next: string }) {
  const { shell } = useTexts();
  return (
    <Screen title={shell.register} width="narrow">
      {next}
    </Screen>
  );
}
