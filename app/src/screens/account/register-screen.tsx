/** Create an account; its user is logged in at once. */

import { StyleSheet, View } from "react-native";
import { Banner, Button, TextField } from "../../components";
import { Screen } from "../../navigation/screen";
import { paths } from "../../navigation/routes";
import { useMayRegister } from "../../state/account";
import { useSession } from "../../state/session";
import { spacing } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { AccountFoot } from "./account-foot";
import { AccountNotice } from "./account-notices";
import { useRegisterForm } from "./use-register-form";

export function RegisterScreen({ next }: { readonly next: string }) {
  const { account, shell } = useTexts();
  const mayRegister = useMayRegister();
  const { propsOf, place, submit, wait, busy, error, begun } = useRegisterForm(next);
  const registration = useSession((session) => session.registration);
  const foot = (
    <AccountFoot
      question={account.haveAccount}
      link={{ to: paths.login(next === "/" ? undefined : next), label: shell.logIn }}
    />
  );
  // What somebody has begun to type stays, whatever becomes of their invitation.
  if (!mayRegister && registration !== "open" && !begun) {
    return (
      <Screen title={account.registerTitle} width="narrow">
        <Banner>{account.notOpen[registration]}</Banner>
        {foot}
      </Screen>
    );
  }
  return (
    <Screen title={account.registerTitle} width="narrow">
      <AccountNotice error={error} wait={wait} />
      <View style={styles.form}>
        <TextField
          ref={place("username")}
          {...propsOf("username")}
          label={account.username}
          hint={account.usernameHint}
          autoComplete="username"
          autoCapitalize="none"
          autoFocus
          required
        />
        <TextField
          ref={place("display_name")}
          {...propsOf("display_name")}
          label={account.displayName}
          hint={account.displayNameHint}
          autoComplete="name"
          optional
        />
        <TextField
          ref={place("password")}
          {...propsOf("password")}
          label={account.password}
          hint={account.passwordHint}
          autoComplete="new-password"
          password
          required
        />
        <Button
          kind="primary"
          label={shell.register}
          busy={busy}
          disabled={wait > 0}
          onPress={submit}
        />
      </View>
      {foot}
    </Screen>
  );
}

const styles = StyleSheet.create({ form: { gap: spacing.l } });
