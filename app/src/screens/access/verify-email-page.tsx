/** Confirms the e-mail address that a link was mailed to, for the user who is logged in to its account. */

import { StyleSheet, View } from "react-native";
import { Banner, Button, Spinner, Text, toast } from "../../components";
import { open, startAt } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import { useMe } from "../../state/account";
import { useVerifyEmail } from "../../state/email";
import { useLinks } from "../../state/links";
import { spacing } from "../../theme";
import { isInvalidLink } from "../../utilities/request";
import { isEmailTaken } from "../../utilities/request-email";
import { useTexts } from "../../utilities/texts";
import { useEmailTexts } from "../../utilities/texts/email";
import { errorText } from "../../utilities/texts/errors";
import { LinkInvalid } from "./link-invalid";

export function VerifyEmailPage() {
  const all = useTexts();
  const texts = useEmailTexts();
  const token = useLinks((links) => links["verify-email"]);
  const me = useMe();
  const { mutate, error, isIdle, isPending } = useVerifyEmail();
  if ((token === null && isIdle) || isInvalidLink(error)) {
    return <LinkInvalid title={texts.invalidTitle}>{texts.invalid}</LinkInvalid>;
  }
  if (me === undefined) return <Spinner />;
  if (me === null) {
    return (
      <View style={styles.page}>
        <Text>{texts.logInFirst}</Text>
        <Button
          kind="primary"
          label={all.shell.logIn}
          onPress={() => open(paths.login(paths.verifyEmail))}
        />
      </View>
    );
  }
  const confirm = () => {
    if (token === null) return;
    mutate(token, {
      onSuccess: ({ address }) => {
        toast(texts.isConfirmed(address ?? ""), { tone: "success" });
        startAt(paths.profile);
      },
    });
  };
  return (
    <View style={styles.page}>
      <Text>{texts.confirmIntro(me.username)}</Text>
      {error !== null && (
        <Banner tone="danger" title={texts.confirmFailed}>
          {isEmailTaken(error) ? texts.taken : errorText(error, all)}
        </Banner>
      )}
      <Button kind="primary" label={texts.confirm} busy={isPending} onPress={confirm} />
    </View>
  );
}

const styles = StyleSheet.create({ page: { gap: spacing.l } });
