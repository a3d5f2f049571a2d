/** Asks for the password and a code before something about the codes changes. */

import type { UseMutationResult } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Banner, Button, Dialog, Text, TextField, type Focusable } from "../../components";
import type { PasswordAndCode } from "../../generated/api";
import { clock, useCountdown } from "../../utilities/countdown";
import { fieldErrors } from "../../utilities/request";
import { useTexts } from "../../utilities/texts";
import { useAccessTexts } from "../../utilities/texts/access";
import { errorText } from "../../utilities/texts/errors";
import { retryAt } from "../account/account-notices";

interface Props<Result> {
  readonly title: string;
  readonly intro: string;
  readonly confirm: string;
  readonly danger?: boolean;
  readonly change: UseMutationResult<Result, Error, PasswordAndCode>;
  readonly onDone?: () => void;
  readonly onClose: () => void;
}

function useForm<Result>({ change, onDone }: Pick<Props<Result>, "change" | "onDone">) {
  const { account } = useTexts();
  const texts = useAccessTexts().codes;
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [tried, setTried] = useState(false);
  const [until, setUntil] = useState<number | null>(null);
  const wait = useCountdown(until);
  const secret = useRef<Focusable>(null);
  const field = useRef<Focusable>(null);
  const refused = fieldErrors(change.error);
  const faults = {
    password:
      tried && password === ""
        ? account.passwordMissing
        : "password" in refused
          ? account.passwordWrong
          : undefined,
    code: tried && code.trim() === "" ? texts.missing : "code" in refused ? texts.wrong : undefined,
  };
  const submit = () => {
    setTried(true);
    if (password === "") secret.current?.focus();
    else if (code.trim() === "") field.current?.focus();
    else if (wait === 0) {
      change.mutate(
        { password, code },
        {
          onSuccess: onDone,
          onError: (failure) => {
            setUntil(retryAt(failure));
            ("code" in fieldErrors(failure) ? field : secret).current?.focus();
          },
        },
      );
    }
  };
  const write = (set: (text: string) => void) => (text: string) => {
    set(text);
    if (Object.keys(refused).length > 0) change.reset();
  };
  return {
    password: { ref: secret, value: password, onChangeText: write(setPassword) },
    code: { ref: field, value: code, onChangeText: write(setCode) },
    faults,
    error: Object.keys(refused).length === 0 ? change.error : null,
    wait,
    submit,
  };
}

export function PasswordAndCodeDialog<Result>(props: Props<Result>) {
  const { title, intro, confirm, danger = false, change, onClose } = props;
  const all = useTexts();
  const texts = useAccessTexts().codes;
  const { password, code, faults, error, wait, submit } = useForm(props);
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button label={all.kit.cancel} onPress={onClose} />
          <Button
            kind={danger ? "danger" : "primary"}
            label={confirm}
            busy={change.isPending}
            disabled={wait > 0}
            onPress={submit}
          />
        </>
      }
    >
      <Text>{intro}</Text>
      {error !== null && (
        <Banner tone="danger" title={texts.changeFailed} ticking={wait > 0}>
          {wait > 0 ? all.account.tryAgainIn(clock(wait)) : errorText(error, all)}
        </Banner>
      )}
      <TextField
        {...password}
        label={all.account.password}
        error={faults.password}
        autoComplete="current-password"
        autoFocus
        password
        required
        onSubmit={submit}
      />
      <TextField
        {...code}
        label={texts.eitherCode}
        error={faults.code}
        autoComplete="one-time-code"
        autoCapitalize="none"
        required
        onSubmit={submit}
      />
    </Dialog>
  );
}
