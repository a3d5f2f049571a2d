/** Sets up an authenticator app: the password, a QR code, a first code, and the recovery codes. */

import { useRef, useState } from "react";
import { StyleSheet } from "react-native";
import { Banner, Button, Dialog, Text, TextField, type Focusable } from "../../components";
import type { TotpEnrolment } from "../../generated/api";
import { useBeginTotp, useConfirmTotp } from "../../state/second-factor";
import { clock, useCountdown } from "../../utilities/countdown";
import { fieldErrors } from "../../utilities/request";
import { useTexts } from "../../utilities/texts";
import { useAccessTexts } from "../../utilities/texts/access";
import { errorText } from "../../utilities/texts/errors";
import { retryAt } from "../account/account-notices";
import { QrCode } from "./qr-code";
import { RecoveryCodesDialog } from "./recovery-codes";

interface Closing {
  readonly onClose: () => void;
}

export function BeginDialog({ onClose }: Closing) {
  const [enrolment, setEnrolment] = useState<TotpEnrolment | null>(null);
  return enrolment === null ? (
    <AskPassword onBegun={setEnrolment} onClose={onClose} />
  ) : (
    <ShowSecret enrolment={enrolment} onClose={onClose} />
  );
}

function AskPassword({
  onBegun,
  onClose,
}: Closing & { readonly onBegun: (enrolment: TotpEnrolment) => void }) {
  const all = useTexts();
  const texts = useAccessTexts().codes;
  const { mutate, error, isPending, reset } = useBeginTotp();
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const [until, setUntil] = useState<number | null>(null);
  const wait = useCountdown(until);
  const field = useRef<Focusable>(null);
  const wrong = "password" in fieldErrors(error);
  const missing = tried && password === "";
  const submit = () => {
    setTried(true);
    if (password === "") field.current?.focus();
    if (password === "" || wait > 0) return;
    mutate(password, {
      onSuccess: onBegun,
      onError: (failure) => {
        setUntil(retryAt(failure));
        field.current?.focus();
      },
    });
  };
  const write = (typed: string) => {
    setPassword(typed);
    if (wrong) reset();
  };
  return (
    <Dialog
      title={texts.beginTitle}
      onClose={onClose}
      actions={
        <>
          <Button label={all.kit.cancel} onPress={onClose} />
          <Button
            kind="primary"
            label={texts.next}
            busy={isPending}
            disabled={wait > 0}
            onPress={submit}
          />
        </>
      }
    >
      <Text>{texts.beginIntro}</Text>
      {error !== null && !wrong && (
        <Banner tone="danger" title={texts.changeFailed} ticking={wait > 0}>
          {wait > 0 ? all.account.tryAgainIn(clock(wait)) : errorText(error, all)}
        </Banner>
      )}
      <TextField
        ref={field}
        label={all.account.password}
        value={password}
        onChangeText={write}
        error={
          missing ? all.account.passwordMissing : wrong ? all.account.passwordWrong : undefined
        }
        autoComplete="current-password"
        autoFocus
        password
        required
        onSubmit={submit}
      />
    </Dialog>
  );
}

function ShowSecret({ enrolment, onClose }: Closing & { readonly enrolment: TotpEnrolment }) {
  const all = useTexts();
  const texts = useAccessTexts().codes;
  const { mutate, data, error, isPending, reset } = useConfirmTotp();
  const [code, setCode] = useState("");
  const [tried, setTried] = useState(false);
  const field = useRef<Focusable>(null);
  const wrong = "code" in fieldErrors(error);
  const missing = tried && code.trim() === "";
  if (data !== undefined) {
    return <RecoveryCodesDialog codes={data.recovery_codes} onClose={onClose} />;
  }
  const submit = () => {
    setTried(true);
    if (code.trim() === "") field.current?.focus();
    if (code.trim() === "") return;
    mutate(code, { onError: () => field.current?.focus() });
  };
  const write = (typed: string) => {
    setCode(typed);
    if (wrong) reset();
  };
  return (
    <Dialog
      title={texts.scanTitle}
      onClose={onClose}
      actions={
        <>
          <Button label={all.kit.cancel} onPress={onClose} />
          <Button kind="primary" label={texts.confirm} busy={isPending} onPress={submit} />
        </>
      }
    >
      <Text>{texts.scanIntro}</Text>
      <QrCode text={enrolment.uri} label={texts.qrCode} />
      <TextField
        label={texts.secret}
        hint={texts.secretHint}
        value={enrolment.secret.replace(/(.{4})(?=.)/gu, "$1 ")}
        onChangeText={() => undefined}
        readOnly
        selectOnFocus
        style={styles.wide}
      />
      {error !== null && !wrong && (
        <Banner tone="danger" title={texts.changeFailed}>
          {errorText(error, all)}
        </Banner>
      )}
      <TextField
        ref={field}
        label={texts.code}
        hint={texts.firstCodeHint}
        value={code}
        onChangeText={write}
        error={missing ? texts.missing : wrong ? texts.wrong : undefined}
        autoComplete="one-time-code"
        inputMode="numeric"
        autoFocus
        required
        onSubmit={submit}
      />
    </Dialog>
  );
}

const styles = StyleSheet.create({ wide: { alignSelf: "stretch" } });
