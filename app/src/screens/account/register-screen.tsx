/** Make an account; whoever made it is logged in at once. */

import { useRef, useState } from "react";
import { StyleSheet, View } from "react-native";
import { Button, Link, Text, TextField, type Focusable } from "../../components";
import { Screen } from "../../components/screen";
import { QuickWinButton } from "../../navigation/app-bar";
import { returnTo } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import { useRegister } from "../../state/account";
import { spacing } from "../../theme";
import { useCountdown } from "../../utilities/countdown";
import { fieldErrors, RequestError } from "../../utilities/request";
import { useTexts } from "../../utilities/texts";
import { AccountNotice } from "./account-notices";
import { retryAt } from "./login-screen";

type Field = "username" | "display_name" | "password";

/** The server's words at the fields they are about. */
function faultsOf(error: unknown): Readonly<Record<string, string>> {
  if (error instanceof RequestError && error.type === "/problems/username-taken") {
    return { username: error.detail };
  }
  return fieldErrors(error);
}

export function RegisterScreen({ next }: { readonly next: string }) {
  const { account, shell } = useTexts();
  const register = useRegister();
  const [values, setValues] = useState({ username: "", display_name: "", password: "" });
  const [tried, setTried] = useState(false);
  const [until, setUntil] = useState<number | null>(null);
  /** Fields changed since the server spoke: its words no longer apply. */
  const [changed, setChanged] = useState<ReadonlySet<Field>>(new Set());
  const wait = useCountdown(until);
  const fields = useRef<Partial<Record<Field, Focusable | null>>>({});

  const faults = faultsOf(register.error);
  const missing: Partial<Record<Field, string>> = {
    username: values.username.trim() === "" ? account.usernameMissing : undefined,
    password: values.password === "" ? account.passwordMissing : undefined,
  };
  const faultOf = (field: Field) =>
    (tried ? missing[field] : undefined) ?? (changed.has(field) ? undefined : faults[field]);
  const set = (field: Field) => (value: string) => {
    setValues((before) => ({ ...before, [field]: value }));
    setChanged((before) => new Set(before).add(field));
  };
  const focus = (faulty: Readonly<Partial<Record<Field, string>>>) => {
    const first = (["username", "display_name", "password"] as const).find(
      (field) => faulty[field] !== undefined,
    );
    if (first !== undefined) fields.current[first]?.focus();
  };

  const submit = () => {
    setTried(true);
    if (wait > 0 || register.isPending) return;
    if (missing.username !== undefined || missing.password !== undefined) {
      focus(missing);
      return;
    }
    setChanged(new Set());
    const { username, display_name, password } = values;
    register.mutate(
      {
        username: username.trim(),
        password,
        ...(display_name.trim() === "" ? {} : { display_name: display_name.trim() }),
      },
      {
        onSuccess: () => returnTo(next),
        onError: (error) => {
          setUntil(retryAt(error));
          focus(faultsOf(error));
        },
      },
    );
  };
  const hasPlace = ["username", "display_name", "password"].some((field) => field in faults);

  return (
    <Screen title={account.registerTitle} width="narrow">
      {!hasPlace && <AccountNotice error={register.error} wait={wait} />}
      <View style={styles.form}>
        <TextField
          ref={(field) => {
            fields.current.username = field;
          }}
          label={account.username}
          hint={account.usernameHint}
          value={values.username}
          onChangeText={set("username")}
          error={faultOf("username")}
          autoComplete="username"
          autoCapitalize="none"
          autoFocus
          required
          onSubmit={submit}
        />
        <TextField
          ref={(field) => {
            fields.current.display_name = field;
          }}
          label={account.displayName}
          hint={account.displayNameHint}
          value={values.display_name}
          onChangeText={set("display_name")}
          error={faultOf("display_name")}
          autoComplete="name"
          optional
          onSubmit={submit}
        />
        <TextField
          ref={(field) => {
            fields.current.password = field;
          }}
          label={account.password}
          hint={account.passwordHint}
          value={values.password}
          onChangeText={set("password")}
          error={faultOf("password")}
          autoComplete="new-password"
          password
          required
          onSubmit={submit}
        />
        <Button
          kind="primary"
          label={shell.register}
          busy={register.isPending}
          disabled={wait > 0}
          onPress={submit}
        />
      </View>
      <View style={styles.line}>
        <Text tone="textMuted">{account.haveAccount}</Text>
        <Link to={paths.login(next === "/" ? undefined : next)} label={shell.logIn} />
      </View>
      <QuickWinButton />
    </Screen>
  );
}

const styles = StyleSheet.create({
  form: { gap: spacing.l },
  line: { flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.s },
});
