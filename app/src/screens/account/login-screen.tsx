/** Log in, and continue where one was. */

import { useIsFocused } from "@react-navigation/native";
import { useEffect, useRef, useState } from "react";
import { Platform, StyleSheet, View } from "react-native";
import { Banner, Button, TextField, type Focusable } from "../../components";
import { lazily } from "../../components/lazily";
import { Screen } from "../../navigation/screen";
import { returnTo } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import { useLogIn, useMayRegister, useMe } from "../../state/account";
import { useLinks } from "../../state/links";
import { useSession } from "../../state/session";
import { spacing } from "../../theme";
import { useCountdown } from "../../utilities/countdown";
import { useTexts } from "../../utilities/texts";
import { isTyping } from "../../utilities/typing";
import { AccountFoot } from "./account-foot";
import { AccountNotice, retryAt } from "./account-notices";

const ProviderButtons = lazily(
  () => import("../access/parts").then(({ ProviderButtons: part }) => part),
  "quiet",
);

/**
 * Whose login had expired and who has logged in elsewhere, in another tab say, continues where they were.
 *
 * @param busy they are logging in here
 */
function useLoggedInElsewhere(next: string, busy: boolean) {
  const status = useSession((session) => session.status);
  const before = useRef(status);
  const inView = useIsFocused();
  useEffect(() => {
    const isBack = before.current === "expired" && status === "known";
    before.current = status;
    if (isBack && !busy && inView) returnTo(next);
  }, [status, busy, inView, next]);
}

const ForgottenPassword = lazily(
  () => import("../access/parts").then(({ ForgottenPassword: part }) => part),
  "quiet",
);

const SecondStep = lazily(() => import("../access/parts").then(({ SecondStep: step }) => step));

/** @param next where to continue then, a path of ours */
function useLogInForm(next: string) {
  const logIn = useLogIn();
  // After setting a new password the user is told so, and only has to type it.
  const [reset] = useState(() => useLinks.getState().resetOf);
  // A login that expires comes over what is typed: the rest of that is for no field of this one.
  const [typing] = useState(isTyping);
  useEffect(() => useLinks.setState({ resetOf: null }), []);
  const [username, setUsername] = useState(reset ?? "");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const [step, setStep] = useState<string | null>(null);
  const [until, setUntil] = useState<number | null>(null);
  const wait = useCountdown(until);
  const name = useRef<Focusable>(null);
  const secret = useRef<Focusable>(null);

  const submit = () => {
    setTried(true);
    if (wait > 0) return;
    if (username.trim() === "") name.current?.focus();
    else if (password === "") secret.current?.focus();
    else {
      logIn.mutate(
        { username: username.trim(), password },
        {
          onSuccess: (token) => (token === null ? returnTo(next) : setStep(token)),
          onError: (error) => {
            setUntil(retryAt(error));
            secret.current?.focus();
          },
        },
      );
    }
  };
  const { isPending: busy, error } = logIn;
  const fields = { name, secret };
  return {
    reset,
    typing,
    step,
    setStep,
    username,
    setUsername,
    password,
    setPassword,
    tried,
    wait,
    busy,
    error,
    submit,
    fields,
  };
}

export function LoginScreen({ next }: { readonly next: string }) {
  const { account, shell } = useTexts();
  const me = useMe();
  const expired = useSession((session) => session.status === "expired");
  const mail = useSession((session) => session.mail);
  const form = useLogInForm(next);
  useLoggedInElsewhere(next, form.busy);
  const { username, password, tried, wait, submit } = form;
  const { name, secret } = form.fields;
  if (form.step !== null) {
    return (
      <Screen title={account.logInTitle} width="narrow">
        <SecondStep
          token={form.step}
          onEntered={() => returnTo(next)}
          onBack={() => form.setStep(null)}
        />
      </Screen>
    );
  }
  const why = next === paths.invite ? account.logInToJoin : account.logInFirst;
  return (
    <Screen title={account.logInTitle} width="narrow">
      {me ? (
        <Banner
          actions={<Button size="small" label={account.goOn} onPress={() => returnTo(next)} />}
        >
          {account.loggedInAs(me.username)}
        </Banner>
      ) : (
        next !== "/" && <Banner>{expired ? account.comeBack : why}</Banner>
      )}
      {form.reset !== null && <Banner tone="success">{account.wasReset(form.reset)}</Banner>}
      <AccountNotice error={form.error} wait={wait} />
      <View style={styles.form}>
        <TextField
          ref={name}
          label={account.username}
          value={username}
          onChangeText={form.setUsername}
          error={tried && username.trim() === "" ? account.usernameMissing : null}
          autoComplete="username"
          autoCapitalize="none"
          autoFocus={form.reset === null && !form.typing}
          required
          onSubmit={() => (password === "" ? secret.current?.focus() : submit())}
        />
        <TextField
          ref={secret}
          label={account.password}
          value={password}
          onChangeText={form.setPassword}
          error={tried && password === "" ? account.passwordMissing : null}
          autoComplete="current-password"
          autoFocus={form.reset !== null}
          password
          required
          onSubmit={submit}
        />
        <Button
          kind="primary"
          label={shell.logIn}
          busy={form.busy}
          disabled={wait > 0}
          onPress={submit}
        />
      </View>
      {mail && <ForgottenPassword username={username} />}
      {Platform.OS === "web" && <ProviderButtons next={next} />}
      <WayToAccount next={next} />
    </Screen>
  );
}

/** To register, or who may. */
function WayToAccount({ next }: { readonly next: string }) {
  const { account, shell } = useTexts();
  const registration = useSession((session) => session.registration);
  const mayRegister = useMayRegister();
  if (!mayRegister && registration !== "open") {
    return <AccountFoot question={account.notOpen[registration]} />;
  }
  const to = paths.register(next === "/" ? undefined : next);
  return <AccountFoot question={account.noAccount} link={{ to, label: shell.register }} />;
}

const styles = StyleSheet.create({ form: { gap: spacing.l } });
