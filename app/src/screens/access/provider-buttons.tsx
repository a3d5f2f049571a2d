/** The providers by which one can log in, below the form for name and password. */

import { StyleSheet, View } from "react-native";
import { Button, Text } from "../../components";
import { paths } from "../../navigation/routes";
import { useProviders } from "../../state/sign-in";
import { spacing } from "../../theme";
import { startAddress } from "../../utilities/request-sign-in";
import { useSignInTexts } from "../../utilities/texts/sign-in";
import { SignInError } from "./sign-in-error";

/** @param next where to go on then, a path of ours */
export function ProviderButtons({ next }: { readonly next: string }) {
  const texts = useSignInTexts();
  const providers = useProviders().data ?? [];
  const after = next === paths.home ? paths.boards("teams") : next;
  return (
    <>
      <SignInError />
      {providers.length > 0 && (
        <View style={styles.buttons}>
          <Text tone="textMuted">{texts.or}</Text>
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
