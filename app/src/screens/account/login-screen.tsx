/** Log in, and go on where one was. */

import { useRef, useState } from "react";
import { StyleSheet, View } from "react-native";
import { Banner, Button, Link, Text, TextField, type Focusable } from "../../components";
import { Screen } from "../../components/screen";
import { QuickWinButton } from "../../navigation/app-bar";
import { returnTo } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import { useLogIn, useMe } from "../../state/account";
import { useSession } from "../../state/session";
import { spacing } from "../../theme";
import { useCountdown } from "../../utilities/countdown";
import { RequestError } from "../../utilities/request";
import { useTexts } from "../../utilities/texts";
import { AccountNotice } from "./account-notices";

/** When a refused attempt may be repeated, in milliseconds since 1970. */
export function retryAt(error: unknown): number | null {
  return error instanceof RequestError && error.status === 429 && error.retryAfter !== null
    ? Date.now() + error.retryAfter
    : null;
}

export function LoginScreen({ next }: { readonly next: string }) {
  const { account, shell } = useTexts();
  const me = useMe();
  const expired = useSession((session) => session.status === "expired");
  const logIn = useLogIn();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const [until, setUntil] = useState<number | null>(null);
  const wait = useCountdown(until);
  const name = useRef<Focusable>(null);
  const secret = useRef<Focusable>(null);

  const submit = () => {
    setTried(true);
    if (wait > 0 || logIn.isPending) return;
    if (username.trim() === "") name.current?.focus();
    else if (password === "") secret.current?.focus();
    else {
      logIn.mutate(
        { username: username.trim(), password },
        {
          onSuccess: () => returnTo(next),
          onError: (error) => {
            setUntil(retryAt(error));
            secret.current?.focus();
          },
        },
      );
    }
  };

  return (
    <Screen title={account.logInTitle} width="narrow">
      {me ? (
        <Banner
          actions={<Button size="small" label={account.goOn} onPress={() => returnTo(next)} />}
        >
          {account.loggedInAs(me.username)}
        </Banner>
      ) : (
        next !== "/" && <Banner>{expired ? account.comeBack : account.logInFirst}</Banner>
      )}
      <AccountNotice error={logIn.error} wait={wait} />
      <View style={styles.form}>
        <TextField
          ref={name}
          label={account.username}
          value={username}
          onChangeText={setUsername}
          error={tried && username.trim() === "" ? account.usernameMissing : null}
          autoComplete="username"
          autoCapitalize="none"
          autoFocus
          required
          onSubmit={() => (password === "" ? secret.current?.focus() : submit())}
        />
        <TextField
          ref={secret}
          label={account.password}
          value={password}
          onChangeText={setPassword}
          error={tried && password === "" ? account.passwordMissing : null}
          autoComplete="current-password"
          password
          required
          onSubmit={submit}
        />
        <Button
          kind="primary"
          label={shell.logIn}
          busy={logIn.isPending}
          disabled={wait > 0}
          onPress={submit}
        />
      </View>
      <View style={styles.line}>
        <Text tone="textMuted">{account.noAccount}</Text>
        <Link to={paths.register(next === "/" ? undefined : next)} label={shell.register} />
      </View>
      <QuickWinButton />
    </Screen>
  );
}

const styles = StyleSheet.create({
  form: { gap: spacing.l },
  line: { flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.s },
});
