/** What this is, for whoever comes for the first time, and the three ways in. */

import { View } from "react-native";
import { Button, Heading } from "../../components";
import { Screen } from "../../components/screen";
import { QuickWinButton } from "../../navigation/app-bar";
import { open } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import { useTexts } from "../../utilities/texts";

export function WelcomeScreen() {
  const { shell, kit } = useTexts();
  return (
    <Screen title={kit.appName} hideTitle>
      <Heading level={2} look="display">
        {shell.tagline}
      </Heading>
      <View>
        <Button kind="primary" label={shell.register} onPress={() => open(paths.register())} />
        <Button label={shell.logIn} onPress={() => open(paths.login())} />
        <QuickWinButton />
      </View>
    </Screen>
  );
}
