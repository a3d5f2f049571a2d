/** The second step of a log-in: a code of the app, or a recovery code. */

import { useEffect, useRef, useState } from "react";
import { StyleSheet, View } from "react-native";
import { Banner, Button, Text, TextField, type Focusable } from "../../components";
import { useSecondStep } from "../../state/second-factor";
import { spacing } from "../../theme";
import { clock, useCountdown } from "../../utilities/countdown";
import { RequestError } from "../../utilities/request";
import { isLoginExpired } from "../../utilities/request-access";
import { useTexts } from "../../utilities/texts";
import { useAccessTexts } from "../../utilities/texts/access";
import { errorText } from "../../utilities/texts/errors";
import { retryAt } from "../account/account-notices";

function useStepForm(token: string, onEntered: () => void) {
  const { mutate, isPending: busy, error, reset } = useSecondStep();
  const [code, setCode] = useState("");
  const [recovery, setRecovery] = useState(false);
  const [tried, setTried] = useState(false);
  const [until, setUntil] = useState<number | null>(null);
  const wait = useCountdown(until);
  const field = useRef<Focusable>(null);
  useEffect(() => field.current?.focus(), [recovery]);
  const submit = () => {
    setTried(true);
    if (code.trim() === "") field.current?.focus();
    // A recovery code is not counted with those of the app.
    if (code.trim() === "" || (wait > 0 && !recovery)) return;
    mutate(
      { token, code },
      {
        onSuccess: onEntered,
        onError: (failure) => {
          setUntil(retryAt(failure));
          field.current?.focus();
        },
      },
    );
  };
  const write = (typed: string) => {
    setCode(typed);
    if (error !== null) reset();
  };
  const swap = () => {
    setRecovery(!recovery);
    setCode("");
    setTried(false);
    reset();
  };
  const wrong = error instanceof RequestError && error.type === "/problems/invalid-code";
  return { code, write, recovery, swap, tried, wait, busy, error, wrong, submit, field };
}

export function SecondStep({
  token,
  onEntered,
  onBack,
}: {
  readonly token: string;
  readonly onEntered: () => void;
  readonly onBack: () => void;
}) {
  const all = useTexts();
  const texts = useAccessTexts().codes;
  const { field, code, write, recovery, swap, tried, wait, busy, error, wrong, submit } =
    useStepForm(token, onEntered);
  const expired = isLoginExpired(error);
  const missing = tried && code.trim() === "" ? texts.missing : undefined;
  const blocked = wait > 0 && !recovery;
  const label = recovery ? texts.recoveryCode : texts.code;
  return (
    <View style={styles.form}>
      <Text>{recovery ? texts.recoveryIntro : texts.stepIntro}</Text>
      {expired ? (
        <Banner
          tone="warning"
          actions={<Button size="small" label={texts.again} onPress={onBack} />}
        >
          {texts.expired}
        </Banner>
      ) : (
        error !== null &&
        !wrong && (
          <Banner tone="danger" title={texts.stepFailed} ticking={blocked}>
            {blocked ? all.account.tryAgainIn(clock(wait)) : errorText(error, all)}
          </Banner>
        )
      )}
      <TextField
        ref={field}
        label={label}
        value={code}
        onChangeText={write}
        error={missing ?? (wrong ? texts.wrong : undefined)}
        autoComplete={recovery ? "off" : "one-time-code"}
        autoCapitalize="none"
        inputMode={recovery ? "text" : "numeric"}
        autoFocus
        required
        onSubmit={submit}
      />
      <Button
        kind="primary"
        label={all.shell.logIn}
        busy={busy}
        disabled={blocked || expired}
        onPress={submit}
      />
      <View style={styles.ways}>
        <Button label={recovery ? texts.useApp : texts.useRecovery} onPress={swap} />
        <Button label={texts.back} onPress={onBack} />
      </View>
    </View>
  );
}

const styles = StyleSheet.create({
  form: { gap: spacing.l },
  ways: { flexDirection: "row", flexWrap: "wrap", gap: spacing.m },
});
