/** Changes the password; the current one is asked for, and every other device is logged out. */

import { useRef, useState } from "react";
import { StyleSheet } from "react-native";
import { Banner, Button, TextField, toast, type Focusable } from "../../components";
import { useChangeMe } from "../../state/account";
import { useIdentities } from "../../state/sign-in";
import { passwordFault } from "../../utilities/checks";
import { clock, useCountdown } from "../../utilities/countdown";
import { fieldErrors, isWrongCredentials } from "../../utilities/request";
import { useTexts, type Catalogue } from "../../utilities/texts";
import { errorText } from "../../utilities/texts/errors";
import { retryAt } from "../account/account-notices";
import { Section } from "./section";

/** The only thing that can be wrong with the current password is that it is another. */
function faultsOf(error: unknown, { account }: Catalogue): Readonly<Record<string, string>> {
  const faults = fieldErrors(error);
  const wrong = "current_password" in faults || isWrongCredentials(error);
  return wrong ? { ...faults, current_password: account.passwordWrong } : faults;
}

/** What is typed, what is wrong with it, and what sends it. */
function usePasswordForm() {
  const texts = useTexts();
  const { account } = texts;
  const change = useChangeMe();
  const has = useIdentities().data?.password ?? true;
  const [current, setCurrent] = useState("");
  const [wanted, setWanted] = useState("");
  const [until, setUntil] = useState<number | null>(null);
  const wait = useCountdown(until);
  const currentField = useRef<Focusable>(null);
  const wantedField = useRef<Focusable>(null);
  const { error } = change;
  const faults = faultsOf(error, texts);
  const [tried, setTried] = useState(false);
  const fault = passwordFault(wanted, texts);
  const submit = () => {
    setTried(true);
    if (fault !== undefined) wantedField.current?.focus();
    if (fault !== undefined || (has && current === "") || wait > 0) return;
    change.mutate(
      { ...(has ? { current_password: current } : {}), password: wanted },
      {
        onSuccess: () => {
          setCurrent("");
          setWanted("");
          setTried(false);
          toast(account.passwordChanged, { tone: "success" });
        },
        onError: (failure) => {
          setUntil(retryAt(failure));
          currentField.current?.focus();
        },
      },
    );
  };
  const own = tried ? fault : undefined;
  const ready = (!has || current !== "") && wanted !== "" && wait === 0;
  return {
    has,
    current: { ref: currentField, value: current, onChangeText: setCurrent, onSubmit: submit },
    wanted: { ref: wantedField, value: wanted, onChangeText: setWanted, onSubmit: submit },
    faults: own === undefined ? faults : { ...faults, password: own },
    error: Object.keys(faults).length === 0 ? error : null,
    busy: change.isPending,
    wait,
    ready,
    submit,
  };
}

export function PasswordForm() {
  const texts = useTexts();
  const { account } = texts;
  const { has, current, wanted, faults, error, busy, wait, ready, submit } = usePasswordForm();
  return (
    <Section title={account.changePassword}>
      {error !== null && (
        <Banner tone="danger" ticking={wait > 0}>
          {wait > 0 ? account.tryAgainIn(clock(wait)) : errorText(error, texts)}
        </Banner>
      )}
      {has && (
        <TextField
          {...current}
          label={account.currentPassword}
          error={faults["current_password"]}
          autoComplete="current-password"
          password
        />
      )}
      <TextField
        {...wanted}
        label={account.newPassword}
        hint={account.passwordHint}
        error={faults["password"]}
        autoComplete="new-password"
        password
      />
      <Button
        label={account.changePassword}
        busy={busy}
        disabled={!ready}
        onPress={submit}
        style={styles.button}
      />
    </Section>
  );
}

const styles = StyleSheet.create({ button: { alignSelf: "flex-start" } });
