/** Gives another e-mail address, or takes it away: the password is required from users who have one. */

import { useRef, useState, type RefObject } from "react";
import { Banner, Button, Dialog, Text, TextField, toast, type Focusable } from "../../components";
import { useRemoveEmail, useSetEmail } from "../../state/email";
import { useIdentities } from "../../state/sign-in";
import { clock, useCountdown } from "../../utilities/countdown";
import { fieldErrors } from "../../utilities/request";
import { useLanguage, useTexts } from "../../utilities/texts";
import { useEmailTexts } from "../../utilities/texts/email";
import { errorText } from "../../utilities/texts/errors";
import { retryAt } from "../account/account-notices";

interface Closing {
  readonly onClose: () => void;
}

/** The password that a change is proved by, where there is one, and what the server said of it. */
function useProof(error: Error | null, forget: () => void) {
  const { account } = useTexts();
  const asked = useIdentities().data?.password ?? true;
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const [until, setUntil] = useState<number | null>(null);
  const wait = useCountdown(until);
  const field = useRef<Focusable>(null);
  const wrong = "password" in fieldErrors(error);
  const lacks = asked && password === "";
  const fault =
    tried && lacks ? account.passwordMissing : wrong ? account.passwordWrong : undefined;
  const write = (typed: string) => {
    setPassword(typed);
    if (wrong) forget();
  };
  /** What proves it; undefined: it has to be typed first. */
  const take = () => {
    setTried(true);
    if (lacks) field.current?.focus();
    if (lacks || wait > 0) return undefined;
    return asked ? { password } : {};
  };
  const refused = (failure: Error) => {
    setUntil(retryAt(failure));
    if ("password" in fieldErrors(failure)) field.current?.focus();
  };
  return { asked, field, password, write, fault, wait, take, refused };
}

interface PasswordProps {
  readonly field: RefObject<Focusable | null>;
  readonly value: string;
  readonly onChangeText: (typed: string) => void;
  readonly fault: string | undefined;
  readonly onSubmit: () => void;
}

function PasswordField({ field, value, onChangeText, fault, onSubmit }: PasswordProps) {
  const { account } = useTexts();
  return (
    <TextField
      ref={field}
      label={account.password}
      value={value}
      onChangeText={onChangeText}
      error={fault}
      autoComplete="current-password"
      password
      required
      onSubmit={onSubmit}
    />
  );
}

function Failed({ error, wait }: { readonly error: Error | null; readonly wait: number }) {
  const all = useTexts();
  const texts = useEmailTexts();
  const faults = fieldErrors(error);
  if (error === null || "password" in faults || "address" in faults) return null;
  return (
    <Banner tone="danger" title={texts.changeFailed} ticking={wait > 0}>
      {wait > 0 ? all.account.tryAgainIn(clock(wait)) : errorText(error, all)}
    </Banner>
  );
}

export function SetEmailDialog({ onClose }: Closing) {
  const { kit } = useTexts();
  const texts = useEmailTexts();
  const language = useLanguage();
  const { mutate, error, isPending, reset } = useSetEmail();
  const {
    asked,
    field: secret,
    password,
    write: writePassword,
    fault: passwordFault,
    wait,
    take,
    refused,
  } = useProof(error, reset);
  const [address, setAddress] = useState("");
  const [tried, setTried] = useState(false);
  const field = useRef<Focusable>(null);
  const missing = address.trim() === "";
  const wrong = "address" in fieldErrors(error);
  const submit = () => {
    setTried(true);
    const given = take();
    if (missing) field.current?.focus();
    if (missing || given === undefined) return;
    mutate(
      { address: address.trim(), language, ...given },
      {
        onSuccess: onClose,
        onError: (failure) => {
          refused(failure);
          if ("address" in fieldErrors(failure)) field.current?.focus();
        },
      },
    );
  };
  const write = (typed: string) => {
    setAddress(typed);
    if (wrong) reset();
  };
  const fault = tried && missing ? texts.addressMissing : wrong ? texts.addressWrong : undefined;
  return (
    <Dialog
      title={texts.setTitle}
      onClose={onClose}
      actions={
        <>
          <Button label={kit.cancel} onPress={onClose} />
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
      <Text>{texts.setIntro}</Text>
      <Failed error={error} wait={wait} />
      <TextField
        ref={field}
        label={texts.address}
        value={address}
        onChangeText={write}
        error={fault}
        autoComplete="email"
        inputMode="email"
        autoCapitalize="none"
        autoFocus
        required
        onSubmit={submit}
      />
      {asked && (
        <PasswordField
          field={secret}
          value={password}
          onChangeText={writePassword}
          fault={passwordFault}
          onSubmit={submit}
        />
      )}
    </Dialog>
  );
}

export function RemoveEmailDialog({ onClose }: Closing) {
  const { kit } = useTexts();
  const texts = useEmailTexts();
  const { mutate, error, isPending, reset } = useRemoveEmail();
  const {
    asked,
    field: secret,
    password,
    write: writePassword,
    fault: passwordFault,
    wait,
    take,
    refused,
  } = useProof(error, reset);
  const submit = () => {
    const given = take();
    if (given === undefined) return;
    mutate(given, {
      onSuccess: () => {
        toast(texts.removed, { tone: "success" });
        onClose();
      },
      onError: refused,
    });
  };
  return (
    <Dialog
      title={texts.removeTitle}
      onClose={onClose}
      actions={
        <>
          <Button label={kit.cancel} onPress={onClose} />
          <Button
            kind="danger"
            label={texts.removeDo}
            busy={isPending}
            disabled={wait > 0}
            onPress={submit}
          />
        </>
      }
    >
      <Text>{texts.removeIntro}</Text>
      <Failed error={error} wait={wait} />
      {asked && (
        <PasswordField
          field={secret}
          value={password}
          onChangeText={writePassword}
          fault={passwordFault}
          onSubmit={submit}
        />
      )}
    </Dialog>
  );
}
