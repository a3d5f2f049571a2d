/**
 * What is asked before a way to log in changes: the name of a passkey, the password, and a code where log-ins want one.
 */

import type { UseMutationResult } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Banner, Button, Dialog, Text, TextField, type Focusable } from "../../components";
import type { ProofForm } from "../../state/passkeys";
import { useTotp } from "../../state/second-factor";
import { useIdentities } from "../../state/sign-in";
import { lengthFault } from "../../utilities/checks";
import { clock, useCountdown } from "../../utilities/countdown";
import { LIMITS } from "../../utilities/limits";
import { fieldErrors } from "../../utilities/request";
import { useTexts } from "../../utilities/texts";
import { useAccessTexts } from "../../utilities/texts/access";
import { passkeyErrorText, usePasskeyTexts } from "../../utilities/texts/passkeys";
import { seenLine } from "../../utilities/visible";
import { retryAt } from "../account/account-notices";

interface Props {
  readonly title: string;
  readonly intro?: string;
  readonly confirm: string;
  readonly danger?: boolean;
  /** What the name is at first; undefined: it is not asked for. */
  readonly name?: string;
  /** Whether the user has to prove who they are. */
  readonly proof?: boolean;
  readonly change: UseMutationResult<void, Error, ProofForm>;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

const FIELDS = ["name", "password", "code"] as const;
type Field = (typeof FIELDS)[number];

function useForm({ name, proof = false, change, onDone }: Props) {
  const all = useTexts();
  const codes = useAccessTexts().codes;
  const texts = usePasskeyTexts();
  const hasPassword = useIdentities().data?.password ?? true;
  const wantsCode = (useTotp().data?.enabled_at ?? null) !== null;
  const asked: Record<Field, boolean> = {
    name: name !== undefined,
    password: proof && hasPassword,
    code: proof && wantsCode,
  };
  const [values, setValues] = useState<Record<Field, string>>({
    name: name ?? "",
    password: "",
    code: "",
  });
  const [tried, setTried] = useState(false);
  const [until, setUntil] = useState<number | null>(null);
  const wait = useCountdown(until);
  const refs = {
    name: useRef<Focusable>(null),
    password: useRef<Focusable>(null),
    code: useRef<Focusable>(null),
  };
  const refused = fieldErrors(change.error);
  const missing = {
    name: texts.nameMissing,
    password: all.account.passwordMissing,
    code: codes.missing,
  };
  const wrong = { name: refused["name"], password: all.account.passwordWrong, code: codes.wrong };
  const lacks = FIELDS.filter((field) => asked[field] && values[field].trim() === "");
  const faultOf = (field: Field) => {
    if (tried && lacks.includes(field)) return missing[field];
    if (field in refused) return wrong[field];
    return field === "name" ? lengthFault(values.name, LIMITS.displayName, all) : undefined;
  };
  const submit = () => {
    setTried(true);
    const first = lacks[0] ?? (faultOf("name") === undefined ? undefined : "name");
    if (first !== undefined) refs[first].current?.focus();
    if (first !== undefined || wait > 0) return;
    const { password, code } = values;
    change.mutate(
      {
        name: seenLine(values.name),
        ...(asked.password ? { password } : {}),
        ...(asked.code ? { code } : {}),
      },
      {
        onSuccess: onDone,
        onError: (failure) => {
          setUntil(retryAt(failure));
          const at = FIELDS.find((field) => field in fieldErrors(failure));
          if (at !== undefined) refs[at].current?.focus();
        },
      },
    );
  };
  const fieldProps = (field: Field) => ({
    ref: refs[field],
    value: values[field],
    onChangeText: (typed: string) => {
      setValues({ ...values, [field]: typed });
      if (field in refused) change.reset();
    },
    error: faultOf(field),
    required: true,
    onSubmit: submit,
  });
  const told = FIELDS.some((field) => field in refused) ? null : change.error;
  return { asked, fieldProps, told, wait, submit };
}

export function ProofDialog(props: Props) {
  const { title, intro, confirm, danger = false, change, onClose } = props;
  const all = useTexts();
  const codes = useAccessTexts().codes;
  const texts = usePasskeyTexts();
  const { asked, fieldProps, told, wait, submit } = useForm(props);
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
      {intro !== undefined && <Text>{intro}</Text>}
      {told !== null && (
        <Banner tone="danger" title={texts.unchanged} ticking={wait > 0}>
          {wait > 0 ? all.account.tryAgainIn(clock(wait)) : passkeyErrorText(told, all, texts)}
        </Banner>
      )}
      {asked.name && (
        <TextField {...fieldProps("name")} label={texts.name} hint={texts.nameHint} autoFocus />
      )}
      {asked.password && (
        <TextField
          {...fieldProps("password")}
          label={all.account.password}
          autoComplete="current-password"
          autoFocus={!asked.name}
          password
        />
      )}
      {asked.code && (
        <TextField
          {...fieldProps("code")}
          label={codes.eitherCode}
          autoComplete="one-time-code"
          autoCapitalize="none"
        />
      )}
    </Dialog>
  );
}
