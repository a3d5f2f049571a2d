/** Sets the new password that a link is to, and leads to the login. */

import { useRef, useState } from "react";
import { StyleSheet, View } from "react-native";
import { Banner, Button, Text, TextField, type Focusable } from "../../components";
import { startAt } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import { useResetPassword } from "../../state/access";
import { useLinks } from "../../state/links";
import { spacing } from "../../theme";
import { passwordFault } from "../../utilities/checks";
import { clock, useCountdown } from "../../utilities/countdown";
import { fieldErrors, isInvalidLink } from "../../utilities/request";
import { useTexts } from "../../utilities/texts";
import { useAccessTexts } from "../../utilities/texts/access";
import { errorText } from "../../utilities/texts/errors";
import { retryAt } from "../account/account-notices";
import { LinkInvalid } from "./link-invalid";

function useResetForm(token: string) {
  const texts = useTexts();
  const { mutate, isPending: busy, error, reset } = useResetPassword(() => startAt(paths.login()));
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const [until, setUntil] = useState<number | null>(null);
  const wait = useCountdown(until);
  const field = useRef<Focusable>(null);
  const own = passwordFault(password, texts);
  const refused = fieldErrors(error)["password"];
  const submit = () => {
    setTried(true);
    if (own !== undefined) field.current?.focus();
    if (own !== undefined || wait > 0) return;
    mutate(
      { token, password },
      {
        onError: (failure) => {
          setUntil(retryAt(failure));
          field.current?.focus();
        },
      },
    );
  };
  const write = (typed: string) => {
    setPassword(typed);
    if (refused !== undefined) reset();
  };
  const fault = (tried ? own : undefined) ?? refused;
  const told = refused === undefined ? error : null;
  return { password, write, fault, wait, busy, error: told, submit, field };
}

export function ResetPage() {
  const token = useLinks(({ reset }) => reset);
  return token === null ? <Invalid /> : <Form token={token} />;
}

function Invalid() {
  const texts = useAccessTexts().reset;
  return <LinkInvalid title={texts.invalidTitle}>{texts.invalid}</LinkInvalid>;
}

function Form({ token }: { readonly token: string }) {
  const all = useTexts();
  const { account } = all;
  const texts = useAccessTexts().reset;
  const { field, password, write, fault, wait, busy, error, submit } = useResetForm(token);
  if (isInvalidLink(error)) return <Invalid />;
  return (
    <View style={styles.form}>
      <Text tone="textMuted">{texts.intro}</Text>
      {error !== null && (
        <Banner tone="danger" title={texts.failed} ticking={wait > 0}>
          {wait > 0 ? account.tryAgainIn(clock(wait)) : errorText(error, all)}
        </Banner>
      )}
      <TextField
        ref={field}
        label={account.newPassword}
        hint={account.passwordHint}
        value={password}
        onChangeText={write}
        error={fault}
        autoComplete="new-password"
        autoFocus
        password
        required
        onSubmit={submit}
      />
      <Button kind="primary" label={texts.save} busy={busy} disabled={wait > 0} onPress={submit} />
    </View>
  );
}

const styles = StyleSheet.create({ form: { gap: spacing.l } });
