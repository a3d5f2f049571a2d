/** What the browser does with passkeys. Phones have no such thing: their app is of no site. */

import type { PasskeyQuestion } from "../generated/api";

type Options = PasskeyQuestion["public_key"];

/** Why a browser gave no passkey. */
export type PasskeyRefusal = "cancelled" | "known" | "elsewhere" | "unable";

export class PasskeyError extends Error {
  constructor(
    readonly refusal: PasskeyRefusal,
    cause: unknown,
  ) {
    super(refusal, { cause });
  }
}

/** Whether the browser can make and use passkeys by the standard's JSON, in a page that it trusts. */
export function hasPasskeys(): boolean {
  return (
    typeof globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON === "function" &&
    typeof navigator.credentials?.get === "function"
  );
}

/** Asks for a passkey for this site. @throws PasskeyError */
export async function askForPasskey(options: Options): Promise<object> {
  const asked = options as unknown as PublicKeyCredentialRequestOptionsJSON;
  return given(() =>
    navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked),
    }),
  );
}

/** Makes a passkey. @throws PasskeyError */
export async function makePasskey(options: Options): Promise<object> {
  const asked = options as unknown as PublicKeyCredentialCreationOptionsJSON;
  return given(() =>
    navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked),
    }),
  );
}

async function given(ask: () => Promise<Credential | null>): Promise<object> {
  let credential: Credential | null;
  try {
    credential = await ask();
  } catch (cause) {
    throw new PasskeyError(refusalOf(cause), cause);
  }
  if (!(credential instanceof PublicKeyCredential)) throw new PasskeyError("cancelled", credential);
  return credential.toJSON() as object;
}

function refusalOf(cause: unknown): PasskeyRefusal {
  const name = cause instanceof Error ? cause.name : "";
  if (name === "NotAllowedError" || name === "AbortError") return "cancelled";
  if (name === "InvalidStateError") return "known";
  return name === "SecurityError" ? "elsewhere" : "unable";
}
