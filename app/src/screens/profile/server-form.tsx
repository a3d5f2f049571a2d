/** On phones: which server the boards are on. */

import { useState } from "react";
import { StyleSheet } from "react-native";
import { Button, TextField } from "../../components";
import { startAt } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import { usePreferences } from "../../state/preferences";
import { changeServer, useSession } from "../../state/session";
import { useTexts } from "../../utilities/texts";
import { Section } from "./section";

/** `https://boards.example/` → without the slash; `null`: no address of a server. */
export function parseServer(text: string): string | null {
  const match = /^https?:\/\/[^\s/?#@]+\/?$/iu.exec(text.trim());
  return match === null ? null : match[0].replace(/\/$/u, "");
}

export function ServerForm() {
  const { account } = useTexts();
  const server = useSession((session) => session.server);
  const [address, setAddress] = useState(server);
  const [wrong, setWrong] = useState(false);
  const submit = () => {
    const parsed = parseServer(address);
    setWrong(parsed === null);
    if (parsed === null) return;
    void changeServer(parsed).then(() => {
      usePreferences.getState().setMode(null);
      startAt(paths.home);
    });
  };
  return (
    <Section title={account.server}>
      <TextField
        label={account.serverAddress}
        hint={account.serverHint}
        value={address}
        onChangeText={setAddress}
        error={wrong ? account.serverWrong : null}
        autoCapitalize="none"
        autoComplete="url"
        inputMode="url"
        onSubmit={submit}
      />
      <Button label={account.useServer} onPress={submit} style={styles.button} />
    </Section>
  );
}

const styles = StyleSheet.create({ button: { alignSelf: "flex-start" } });
