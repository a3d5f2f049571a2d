/**
 * The secret of a link that somebody came by (`/invite#…`). It is taken out of the address, which histories
 * and screens would tell on, and stays with this tab until it was used.
 */

import { Platform } from "react-native";
import { create } from "zustand";
import { isRecord } from "../utilities/problem";

export interface Links {
  readonly invite: string | null;
  /** They chose to join by it, and only have to log in or to register first. */
  readonly wanted: boolean;
  /** Whether somebody without an account can register with it. */
  readonly registers: boolean;
  readonly reset: string | null;
  readonly "verify-email": string | null;
  /** Whose password was just set by one. */
  readonly resetOf: string | null;
}

export type LinkKind = "invite" | "reset" | "verify-email";

const KEY = "taskboard/links";
const NO_INVITATION = { invite: null, wanted: false, registers: false } as const;
const NONE: Links = { ...NO_INVITATION, reset: null, "verify-email": null, resetOf: null };

export const useLinks = create<Links>()(() => kept());

/** What the invitation lets somebody send with their registration; undefined: nothing. */
export function invitationOf({ invite, wanted, registers }: Links): string | undefined {
  return wanted && registers ? (invite ?? undefined) : undefined;
}

/** Takes the secret behind the `#` of this page's address, if there is one. */
export function takeLink(kind: LinkKind): void {
  if (Platform.OS !== "web") return;
  const { hash, pathname, search } = location;
  if (hash.length < 2 || pathname !== `/${kind}`) return;
  forgetLink(kind);
  useLinks.setState({ [kind]: hash.slice(1) });
  keep();
  history.replaceState(history.state, "", pathname + search);
}

/** @param registers whether the invitation lets them register */
export function wantToJoin(registers: boolean): void {
  useLinks.setState({ wanted: true, registers });
  keep();
}

/** They asked to join: what fails from then on is tried again only when they say so. */
export function beginToJoin(): void {
  useLinks.setState({ wanted: false });
  keep();
}

/** It was used, or counts no more. */
export function forgetLink(kind: LinkKind): void {
  useLinks.setState(kind === "invite" ? NO_INVITATION : { [kind]: null });
  keep();
}

function kept(): Links {
  try {
    const value: unknown = Platform.OS === "web" && JSON.parse(sessionStorage.getItem(KEY) ?? "");
    if (!isRecord(value)) return NONE;
    const secret = (kind: LinkKind) => (typeof value[kind] === "string" ? value[kind] : null);
    return {
      invite: secret("invite"),
      wanted: value["wanted"] === true,
      registers: value["registers"] === true,
      reset: secret("reset"),
      "verify-email": secret("verify-email"),
      resetOf: null,
    };
  } catch {
    return NONE;
  }
}

function keep(): void {
  if (Platform.OS !== "web") return;
  try {
    sessionStorage.setItem(KEY, JSON.stringify(useLinks.getState()));
  } catch {
    // A tab that keeps nothing has it until it is reloaded.
  }
}
