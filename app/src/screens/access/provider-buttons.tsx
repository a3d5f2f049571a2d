/** Ways to log in besides the password: a passkey, and providers. It is below the form. */

import { StyleSheet, View } from "react-native";
import { Button, Text } from "../../components";
import { returnTo } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import { useProviders } from "../../state/sign-in";
import { spacing } from "../../theme";
import { hasPasskeys } from "../../utilities/passkey-browser";
import { startAddress } from "../../utilities/request-sign-in";
import { useSignInTexts } from "../../utilities/texts/sign-in";
import { PasskeyButton } from "./passkey-button";
import { SignInError } from "./sign-in-error";

/** @param next where to continue then, a path of ours */
export function ProviderButtons({ next }: { readonly next: string }) {
  const texts = useSignInTexts();
  const { items: providers = [], passkeys = false } = useProviders().data ?? {};
  const byPasskey = passkeys && hasPasskeys();
  const after = next === paths.home ? paths.boards("teams") : next;
  return (
    <>
      <SignInError />
      {(byPasskey || providers.length > 0) && (
        <View style={styles.buttons}>
          <Text tone="textMuted">{texts.or}</Text>
          {byPasskey && <PasskeyButton onEntered={() => returnTo(next)} />}
          {providers.map(({ id, name }) => (
            <Button
              key={id}
              label={texts.by(name)}
              onPress={() => location.assign(startAddress(id, after))}
            />
          ))}
        </View>
      )}
    </>
  );
}

const styles = StyleSheet.create({ buttons: { gap: spacing.m } });
