/** What is wrong with what somebody typed, in their language, before it is sent. */

import { LEAST, LIMITS, lengthOf } from "./limits";
import type { Catalogue } from "./texts";

/** @returns what to say, or undefined where it is short enough */
export function lengthFault(typed: string, most: number, { kit }: Catalogue): string | undefined {
  const length = lengthOf(typed.trim());
  return length > most ? kit.tooLong(length, most) : undefined;
}

/** Of somebody who chooses a name, not of one who logs in with theirs. */
export function usernameFault(typed: string, { account }: Catalogue): string | undefined {
  const name = typed.trim();
  if (name === "") {
    return account.usernameMissing;
  }
  const fits = name.length >= LEAST.username && name.length <= LIMITS.username;
  return fits && /^[\w.-]+$/.test(name) ? undefined : account.usernameWrong;
}

/** Of somebody who chooses a password. White space counts: it is part of it. */
export function passwordFault(typed: string, texts: Catalogue): string | undefined {
  if (typed === "") {
    return texts.account.passwordMissing;
  }
  const length = lengthOf(typed);
  return length < LEAST.password
    ? texts.kit.tooShort(length, LEAST.password)
    : length > LIMITS.password
      ? texts.kit.tooLong(length, LIMITS.password)
      : undefined;
}
