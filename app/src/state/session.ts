/** Who uses the app, against which server. */

import { Platform } from "react-native";
import { create } from "zustand";
import type { Credentials, Login, Registration, User, UserPatch } from "../generated/api";
import { onWake } from "../utilities/wake";
import { isRecord } from "../utilities/problem";
import {
  type Configuration,
  NetworkError,
  type RegistrationRule,
  RequestError,
  accounts,
  isWrongCredentials,
  readConfiguration,
  settings,
} from "../utilities/request";
import { deviceStorage } from "../utilities/storage";
import { isNotConfigured } from "../utilities/texts/errors";
import { keepToken, loadToken } from "./token-store";

/**
 * `unknown`: not yet looked. `guest`: nobody is logged in. `known`: `user` is. `expired`: `user` was,
 * and must log in again; what they queued waits for them.
 */
export type SessionStatus = "unknown" | "guest" | "known" | "expired";

export interface Session {
  readonly status: SessionStatus;
  /** Also while the login has expired. */
  readonly user: User | null;
  /** "" on the web; on phones the address of the server. */
  readonly server: string;
  /** `false`: the server said that it has no database, so nobody can register. */
  readonly hasAccounts: boolean;
  /** `open` until the server has answered. */
  readonly registration: RegistrationRule;
  /** Whether the server sends mails. */
  readonly mail: boolean;
}

interface Kept {
  readonly user: User | null;
  readonly server: string;
}

/** When somebody logged in here, in milliseconds: other tabs are notified only if the text differs. */
let entered: number | null = null;

const KEY = "session";
/** How long the server's word on who is logged in is used before it is asked again, in milliseconds. */
const SURE_FOR = 10_000;
let sureSince: number | null = null;
/** Whether this tab already listens for what others do. */
let following = false;

export const useSession = create<Session>()(() => ({
  status: "unknown",
  user: null,
  server: defaultServer(),
  hasAccounts: true,
  registration: "open",
  mail: false,
}));

/** Reads what the server reports about itself; who may register applies from then on. */
export async function learnConfiguration(): Promise<Configuration> {
  const configuration = await readConfiguration();
  const { registration = "open", mail = false } = configuration;
  useSession.setState({ registration, mail });
  return configuration;
}

/** Reads what the device kept and asks the server who is logged in. Called once, when the app starts. */
export async function startSession(): Promise<void> {
  settings.onUnauthorized = expire;
  const kept = parseKept(await deviceStorage.get(KEY));
  const server = Platform.OS === "web" ? "" : (kept?.server ?? defaultServer());
  settings.server = server;
  settings.token = await loadToken();
  const user = kept?.user ?? null;
  // A user who was here before sees their boards at once, also without network.
  const status = user === null ? "unknown" : "known";
  useSession.setState({ user, server, status });
  if (!following) {
    following = true;
    deviceStorage.watch((key) => key === KEY && void follow());
    onWake(() => {
      sureSince = null;
      void followAfterwards();
    });
  }
  await refreshUser();
}

/**
 * What another tab did: a browser has one login for all tabs. Without this a tab would continue as
 * somebody who has left, and send their waiting changes in the name of the next user.
 */
async function follow(): Promise<void> {
  const user = parseKept(await deviceStorage.get(KEY))?.user ?? null;
  const { user: mine, status } = useSession.getState();
  if (user?.id !== mine?.id) {
    sureSince = null;
    useSession.setState({ user, status: user === null ? "guest" : "known" });
  } else if (status === "expired") {
    // The same user, who may have logged in again.
    await refreshUser();
  }
}

/** The page was away, perhaps too deep to be notified of anything: another tab may have logged in. */
async function followAfterwards(): Promise<void> {
  const kept = parseKept(await deviceStorage.get(KEY));
  const { user, status } = useSession.getState();
  if (kept !== null && (kept.user?.id !== user?.id || status === "expired")) {
    await refreshUser();
  }
}

/** Asks the server who is logged in. Without an answer the last known user stays. */
export async function refreshUser(): Promise<void> {
  try {
    const me = await accounts.findMe();
    if (me === null) leave(true, true);
    else become(me, "known");
  } catch (error) {
    // Without a response nothing changes: an expired login does not become valid.
    leave(useSession.getState().status === "expired", !isNotConfigured(error));
  }
}

/** Nobody was found to be logged in. @param ended whether that is sure */
function leave(ended: boolean, hasAccounts: boolean): void {
  const { user } = useSession.getState();
  const status = user === null ? "guest" : ended ? "expired" : "known";
  useSession.setState({ status, hasAccounts });
  // Without an answer registration seems open, and the server says otherwise when it comes to it.
  if (status !== "known") learnConfiguration().catch(() => undefined);
}

/**
 * Before something is sent in a user's name. A browser sends the cookie of the last log-in, on
 * whatever page of this server; if that is somebody else, they are the user from now on.
 *
 * @throws RequestError | NetworkError nothing may be sent as this user: it is another one, or nobody
 *   could be asked
 */
export async function makeSure(): Promise<void> {
  const age = sureSince === null ? -1 : Date.now() - sureSince;
  // A token is one user's and no other's. A clock may be put back.
  if (settings.token !== null || (age >= 0 && age < SURE_FOR)) {
    return;
  }
  const before = useSession.getState().user;
  let me: User;
  try {
    me = await accounts.readMe();
  } catch (error) {
    const says = error instanceof RequestError && [401, 429, 503].includes(error.status);
    throw says ? error : new NetworkError(false, error);
  }
  become(me, "known");
  if (me.id !== before?.id) {
    throw new NetworkError(false);
  }
}

/**
 * @returns the token of the second step where a code is asked for; null: they are logged in
 * @throws RequestError 401: wrong name or password; 429: too many attempts, see `retryAfter`
 */
export async function logIn(credentials: Credentials): Promise<string | null> {
  const answer = await accounts.logIn(credentials);
  if ("second_factor" in answer) return answer.second_factor.token;
  await enter(answer);
  return null;
}

/**
 * @param key the same for the same registration: where its first answer was lost, it is answered again
 * @throws RequestError 403: registration is closed; 404: the invitation does not count; 409: the name is
 *   taken; 422: see `fieldErrors`
 */
export async function register(registration: Registration, key: string): Promise<User> {
  return enter(await accounts.register(registration, { key }));
}

/** Leaves also where the server cannot be asked: then the token lives on until it ends. */
export async function logOut(everywhere = false): Promise<void> {
  try {
    await accounts.logOut(everywhere);
  } catch (error) {
    if (everywhere) expireWith(error);
    if (everywhere || (error instanceof RequestError && error.status !== 401)) {
      throw error;
    }
  }
  await forgetLogin();
}

/** The server has ended the login of this user. */
export async function forgetLogin(): Promise<void> {
  settings.token = null;
  await keepToken(null);
  useSession.setState({ user: null, status: "guest" });
  keep();
}

/** @throws RequestError 401: nobody is logged in, or the current password is wrong; 422: see `fieldErrors` */
export async function changeUser(patch: UserPatch): Promise<User> {
  try {
    const user = await accounts.changeMe(patch);
    become(user, "known");
    return user;
  } catch (error) {
    expireWith(error);
    throw error;
  }
}

/** On phones: another server, with other accounts. @param server like `https://boards.example` */
export async function changeServer(server: string): Promise<void> {
  settings.server = server.replace(/\/+$/u, "");
  settings.token = null;
  await keepToken(null);
  useSession.setState({
    server: settings.server,
    user: null,
    status: "guest",
    hasAccounts: true,
    registration: "open",
    mail: false,
  });
  keep();
  learnConfiguration().catch(() => undefined);
}

/** The server says that the login counts no more. */
export function expire(): void {
  const { user, status } = useSession.getState();
  if (status !== "expired") {
    useSession.setState({ status: user === null ? "guest" : "expired" });
  }
}

/** A request that also takes a password failed: its 401 is about that, or says that nobody is logged in. */
export function expireWith(error: unknown): void {
  if (error instanceof RequestError && error.status === 401 && !isWrongCredentials(error)) expire();
}

/** @param run called each time that whose login had ended has logged in again @returns what ends that */
export function onLoginAgain(run: () => void): () => void {
  return useSession.subscribe((now, before) => {
    const same = now.user !== null && now.user.id === before.user?.id;
    if (same && before.status === "expired" && now.status === "known") run();
  });
}

/** Whoever the server has just let in. */
export async function enter({ user, token }: Login): Promise<User> {
  if (Platform.OS !== "web") {
    settings.token = token;
    await keepToken(token);
  }
  entered = Date.now();
  become(user, "known");
  return user;
}

function become(user: User, status: SessionStatus): void {
  sureSince = Date.now();
  useSession.setState({ user, status, hasAccounts: true });
  keep();
}

function keep(): void {
  const { user, server } = useSession.getState();
  const kept: Kept & { readonly entered: number | null } = { user, server, entered };
  // A device that keeps nothing asks again next time: no reason to stop anybody.
  deviceStorage.set(KEY, JSON.stringify(kept)).catch(() => undefined);
}

function parseKept(text: string | null): Kept | null {
  try {
    const value: unknown = text === null ? null : JSON.parse(text);
    return isRecord(value)
      ? {
          user: isUser(value["user"]) ? value["user"] : null,
          server: typeof value["server"] === "string" ? value["server"] : defaultServer(),
        }
      : null;
  } catch {
    return null;
  }
}

function isUser(value: unknown): value is User {
  return (
    isRecord(value) && typeof value["id"] === "number" && typeof value["username"] === "string"
  );
}

function defaultServer(): string {
  return Platform.OS === "web" ? "" : (process.env.EXPO_PUBLIC_SERVER_URL ?? "");
}
