/** For users who forgot their password, below the log-in form: a mail with a link to a new one. */

import { useRef, useState } from "react";
import { StyleSheet } from "react-native";
import { Banner, Button, Dialog, Text, TextField, type Focusable } from "../../components";
import { useForgotPassword } from "../../state/email";
import { clock, useCountdown } from "../../utilities/countdown";
import { useLanguage, useTexts } from "../../utilities/texts";
import { useEmailTexts } from "../../utilities/texts/email";
import { errorText } from "../../utilities/texts/errors";
import { retryAt } from "../account/account-notices";

/** @param username what was typed into the form already */
export function ForgottenPassword({ username }: { readonly username: string }) {
  const texts = useEmailTexts();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        kind="quiet"
        label={texts.forgot}
        onPress={() => setOpen(true)}
        web={{ "aria-haspopup": "dialog" }}
        style={styles.button}
      />
      {open && <ForgottenDialog username={username} onClose={() => setOpen(false)} />}
    </>
  );
}

function ForgottenDialog({
  username,
  onClose,
}: {
  readonly username: string;
  readonly onClose: () => void;
}) {
  const all = useTexts();
  const texts = useEmailTexts();
  const language = useLanguage();
  const { mutate, error, isPending, isSuccess } = useForgotPassword();
  const [account, setAccount] = useState(username);
  const [tried, setTried] = useState(false);
  const [until, setUntil] = useState<number | null>(null);
  const wait = useCountdown(until);
  const field = useRef<Focusable>(null);
  const missing = account.trim() === "";
  const submit = () => {
    setTried(true);
    if (missing) field.current?.focus();
    if (missing || wait > 0) return;
    const body = { account: account.trim(), language };
    mutate(body, { onError: (failure) => setUntil(retryAt(failure)) });
  };
  if (isSuccess) {
    return (
      <Dialog
        title={texts.forgotTitle}
        onClose={onClose}
        actions={<Button kind="primary" label={all.kit.close} onPress={onClose} />}
      >
        <Banner tone="success">{texts.forgotDone}</Banner>
        <Text tone="textMuted">{texts.forgotElse}</Text>
      </Dialog>
    );
  }
  return (
    <Dialog
      title={texts.forgotTitle}
      onClose={onClose}
      actions={
        <>
          <Button label={all.kit.cancel} onPress={onClose} />
          <Button
            kind="primary"
            label={texts.send}
            busy={isPending}
            disabled={wait > 0}
            onPress={submit}
          />
        </>
      }
    >
      <Text>{texts.forgotIntro}</Text>
      {error !== null && (
        <Banner tone="danger" title={texts.forgotFailed} ticking={wait > 0}>
          {wait > 0 ? all.account.tryAgainIn(clock(wait)) : errorText(error, all)}
        </Banner>
      )}
      <TextField
        ref={field}
        label={texts.account}
        value={account}
        onChangeText={setAccount}
        error={tried && missing ? texts.accountMissing : undefined}
        autoComplete="username"
        autoCapitalize="none"
        autoFocus
        required
        onSubmit={submit}
      />
    </Dialog>
  );
}

const styles = StyleSheet.create({ button: { alignSelf: "flex-start" } });
