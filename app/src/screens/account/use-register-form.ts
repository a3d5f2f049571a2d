/** The form for registration: what is typed, what is wrong with it, and what the server says of it. */

import { useRef, useState } from "react";
import type { Focusable } from "../../components";
import { returnTo } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import { useRegister } from "../../state/account";
import { forgetLink, invitationOf, useLinks } from "../../state/links";
import { lengthFault, passwordFault, usernameFault } from "../../utilities/checks";
import { useCountdown } from "../../utilities/countdown";
import { LIMITS } from "../../utilities/limits";
import { fieldErrors, isInvalidLink, RequestError } from "../../utilities/request";
import { useTexts, type Catalogue } from "../../utilities/texts";
import { retryAt } from "./account-notices";

const FIELDS = ["username", "display_name", "password"] as const;
export type Field = (typeof FIELDS)[number];
type Values = Readonly<Record<Field, string>>;
type Faults = Readonly<Partial<Record<Field, string>>>;

function faultsOf(values: Values, texts: Catalogue): Faults {
  return {
    username: usernameFault(values.username, texts),
    display_name: lengthFault(values.display_name, LIMITS.displayName, texts),
    password: passwordFault(values.password, texts),
  };
}

/** What the server found at the fields. */
function refusedOf(error: unknown, name: string, { account }: Catalogue): Faults {
  return error instanceof RequestError && error.type === "/problems/username-taken"
    ? { username: account.usernameTaken(name) }
    : fieldErrors(error);
}

/** @param next where to continue then, a path of ours */
export function useRegisterForm(next: string) {
  const texts = useTexts();
  const register = useRegister();
  const invitation = useLinks(invitationOf);
  const [values, setValues] = useState<Values>({ username: "", display_name: "", password: "" });
  const [sent, setSent] = useState("");
  const [tried, setTried] = useState(false);
  const [until, setUntil] = useState<number | null>(null);
  /** Fields changed since the server spoke: its words no longer apply. */
  const [changed, setChanged] = useState<ReadonlySet<Field>>(new Set());
  const wait = useCountdown(until);
  const fields = useRef<Partial<Record<Field, Focusable | null>>>({});
  const own = faultsOf(values, texts);
  const refused = refusedOf(register.error, sent, texts);

  const focus = (faulty: Faults) => {
    const first = FIELDS.find((field) => faulty[field] !== undefined);
    if (first !== undefined) fields.current[first]?.focus();
    return first !== undefined;
  };
  const submit = () => {
    setTried(true);
    if (wait > 0 || register.isPending || focus(own)) return;
    setChanged(new Set());
    const username = values.username.trim();
    const display_name = values.display_name.trim();
    setSent(username);
    register.mutate(
      {
        username,
        password: values.password,
        ...(display_name === "" ? {} : { display_name }),
        ...(invitation === undefined ? {} : { invitation }),
      },
      {
        onSuccess: () => {
          // The invitation's own page has yet to join the board.
          if (next !== paths.invite) forgetLink("invite");
          returnTo(next);
        },
        onError: (error) => {
          if (isInvalidLink(error)) forgetLink("invite");
          setUntil(retryAt(error));
          focus(refusedOf(error, username, texts));
        },
      },
    );
  };
  /** The props of a field. */
  const propsOf = (field: Field) => ({
    value: values[field],
    error: (tried ? own[field] : undefined) ?? (changed.has(field) ? undefined : refused[field]),
    onChangeText: (value: string) => {
      setValues((before) => ({ ...before, [field]: value }));
      setChanged((before) => new Set(before).add(field));
    },
    onSubmit: submit,
  });
  const place = (field: Field) => (control: Focusable | null) => {
    fields.current[field] = control;
  };
  return {
    propsOf,
    place,
    submit,
    wait,
    busy: register.isPending,
    begun: FIELDS.some((field) => values[field] !== ""),
    /** What is not shown at a field. */
    error: FIELDS.some((field) => refused[field] !== undefined) ? null : register.error,
  };
}
