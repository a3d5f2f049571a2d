/** The calls about passkeys. */

import type {
  Login,
  OwnProof,
  Passkey,
  PasskeyQuestion,
  PasskeyRequest,
  Passkeys,
} from "../generated/api";
import { exchange } from "./http";

const OWN = "/api/auth/passkeys";
const LOGIN = "/api/auth/login/passkey";

export const passkeys = {
  /** What to ask the browser for, to log in. */
  loginOptions: async () => {
    const call = { method: "POST", path: `${LOGIN}/options`, credentials: true } as const;
    return (await exchange<PasskeyQuestion>(call)).value.public_key;
  },
  /** @throws RequestError 401: the passkey does not count; 429: too many attempts */
  logIn: async (credential: object) => {
    const call = { method: "POST", path: LOGIN, body: { credential }, credentials: true } as const;
    return (await exchange<Login>(call)).value;
  },
  list: async () => (await exchange<Passkeys>({ method: "GET", path: OWN })).value.items,
  /** What to ask the browser for, to make one. @throws RequestError 409: too many; 422: see `fieldErrors` */
  options: async (body: PasskeyRequest) => {
    const call = { method: "POST", path: `${OWN}/options`, body } as const;
    return (await exchange<PasskeyQuestion>(call)).value.public_key;
  },
  add: async (name: string, credential: object) => {
    const call = { method: "POST", path: OWN, body: { name, credential } } as const;
    return (await exchange<Passkey>(call)).value;
  },
  rename: async (id: number, name: string) => {
    const call = { method: "PATCH", path: `${OWN}/${id}`, body: { name } } as const;
    return (await exchange<Passkey>(call)).value;
  },
  /** @throws RequestError 409: it is the last way in; 422: see `fieldErrors` */
  remove: async (id: number, body: OwnProof): Promise<void> => {
    await exchange({ method: "POST", path: `${OWN}/${id}/remove`, body });
  },
};
