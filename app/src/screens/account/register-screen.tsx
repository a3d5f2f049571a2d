/** Make an account; whoever made it is logged in at once. */

import { StyleSheet, View } from "react-native";
import { Button, TextField } from "../../components";
import { Screen } from "../../components/screen";
import { paths } from "../../navigation/routes";
import { spacing } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { AccountFoot } from "./account-foot";
import { AccountNotice } from "./account-notices";
import { useRegisterForm } from "./use-register-form";

export function RegisterScreen({ next }: { readonly next: string }) {
  const { account, shell } = useTexts();
  const { propsOf, place, submit, wait, busy, error } = useRegisterForm(next);
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
      <AccountFoot
        question={account.haveAccount}
        to={paths.login(next === "/" ? undefined : next)}
        label={shell.logIn}
      />
    </Screen>
  );
}

const styles = StyleSheet.create({ form: { gap: spacing.l } });
