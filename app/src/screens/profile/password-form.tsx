/** Changes the password; the current one is asked for, and every other device is logged out. */

import { useRef, useState } from "react";
import { StyleSheet } from "react-native";
import { Banner, Button, TextField, toast, type Focusable } from "../../components";
import { useChangeMe } from "../../state/account";
import { clock, useCountdown } from "../../utilities/countdown";
import { fieldErrors, RequestError } from "../../utilities/request";
import { useTexts } from "../../utilities/texts";
import { errorText } from "../../utilities/texts/errors";
import { Section } from "./section";

export function PasswordForm() {
  const texts = useTexts();
  const { account } = texts;
  const change = useChangeMe();
  const [current, setCurrent] = useState("");
  const [wanted, setWanted] = useState("");
  const [until, setUntil] = useState<number | null>(null);
  const wait = useCountdown(until);
  const currentField = useRef<Focusable>(null);
  const { error } = change;
  const faults: Readonly<Record<string, string>> =
    error instanceof RequestError && error.status === 401
      ? { current_password: error.detail }
      : fieldErrors(error);
  const submit = () => {
    if (current === "" || wanted === "" || wait > 0 || change.isPending) return;
    change.mutate(
      { current_password: current, password: wanted },
      {
        onSuccess: () => {
          setCurrent("");
          setWanted("");
          toast(account.passwordChanged, { tone: "success" });
        },
        onError: (failure) => {
          if (failure instanceof RequestError && failure.retryAfter !== null) {
            setUntil(Date.now() + failure.retryAfter);
          }
          currentField.current?.focus();
        },
      },
    );
  };
  return (
    <Section title={account.changePassword}>
      {error !== null && Object.keys(faults).length === 0 && (
        <Banner tone="danger">
          {wait > 0 ? account.tryAgainIn(clock(wait)) : errorText(error, texts)}
        </Banner>
      )}
      <TextField
        ref={currentField}
        label={account.currentPassword}
        value={current}
        onChangeText={setCurrent}
        error={faults["current_password"]}
        autoComplete="current-password"
        password
        onSubmit={submit}
      />
      <TextField
        label={account.newPassword}
        hint={account.passwordHint}
        value={wanted}
        onChangeText={setWanted}
        error={faults["password"]}
        autoComplete="new-password"
        password
        onSubmit={submit}
      />
      <Button
        label={account.changePassword}
        busy={change.isPending}
        disabled={current === "" || wanted === "" || wait > 0}
        onPress={submit}
        style={styles.button}
      />
    </Section>
  );
}

const styles = StyleSheet.create({ button: { alignSelf: "flex-start" } });
