/**
 * The one HTTP client: every endpoint of the API as a typed function. What fails throws a
 * `RequestError` (the server said no) or a `NetworkError` (nothing came back).
 */

import type {
  Board,
  BoardDocument,
  BoardImport,
  BoardPage,
  BoardPatch,
  Checklist,
  ChecklistItem,
  Checklists,
  Comment,
  CommentPage,
  Credentials,
  Event,
  EventPage,
  ExportedBoard,
  ImportedBoard,
  Login,
  LoginAnswer,
  Member,
  MemberPage,
  NewBoard,
  NewQuickWinBoard,
  NewQuickWinTask,
  NewTask,
  QuickWinBoard,
  QuickWinBoards,
  QuickWinEventPage,
  QuickWinTask,
  QuickWinTaskPatch,
  Registration,
  Role,
  Task,
  TaskHistory,
  TaskPage,
  TaskPatch,
  Tick,
  User,
  UserPatch,
  WholeChecklist,
} from "../generated/api";
import { type Answer, exchange, settings } from "./http";

export { type Answer, type ClientSettings, settings } from "./http";
export {
  type Fault,
  NetworkError,
  type ProblemDocument,
  RequestError,
  isInvalidLink,
  isWrongCredentials,
} from "./problem";
export { fieldErrors, refusalWords } from "./texts/errors";

/** A page of a list: how many entries at most (1 to 200), and where to continue. */
export interface PageQuery {
  readonly limit?: number;
  readonly cursor?: string;
}

/** What a write says beside its entity. `key` makes a repetition safe. */
export interface WriteOptions {
  readonly key?: string;
}

/** How long a board with thousands of tasks, or an import of one, may take; in milliseconds. */
const LARGE = 60_000;

/** The board's columns and filters that `listTasks` knows. */
export interface TaskQuery extends PageQuery {
  readonly status?: string;
  readonly assigned_to?: string;
  readonly label?: string;
  readonly q?: string;
  readonly due_before?: string;
  readonly updated_after?: string;
}

const board = (id: number) => `/api/boards/${id}`;
const task = (id: number, of: number) => `${board(id)}/tasks/${of}`;
const comment = (id: number, of: number, which: number) => `${task(id, of)}/comments/${which}`;
const part = (id: number, of: number, kind: ListKind, which: number) =>
  `${task(id, of)}/${kind}/${which}`;
const member = (id: number, name: string) => `${board(id)}/members/${encodeURIComponent(name)}`;
const quick = (id: number) => `/api/quick-win/boards/${id}`;

async function value<T>(answer: Promise<Answer<T>>): Promise<T> {
  return (await answer).value;
}

async function nothing(answer: Promise<Answer<undefined>>): Promise<void> {
  await answer;
}

/** Who may register: anybody, people with an invitation, or people with one from an admin. */
export type RegistrationRule = "open" | "invite" | "closed";

/** What the server says about itself. */
export interface Configuration {
  /** Where the relay is; "": on the page's own host. */
  readonly relay_url: string;
  /** What part of the changes is followed, 0 to 1. */
  readonly trace_ratio?: number;
  readonly registration?: RegistrationRule;
  /** Whether mails are sent. */
  readonly mail?: boolean;
}

/** Reads what the server reports about itself; how many changes are traced applies from then on. */
export async function readConfiguration(): Promise<Configuration> {
  const answer = exchange<Configuration>({ method: "GET", path: "/config.json" });
  const configuration = await value(answer);
  settings.traceRatio = configuration.trace_ratio ?? 0;
  return configuration;
}

/** Accounts. */
export const accounts = {
  register: (body: Registration, { key }: WriteOptions = {}) =>
    value(
      exchange<Login>({
        method: "POST",
        path: "/api/auth/register",
        body,
        credentials: true,
        idempotencyKey: key,
      }),
    ),
  logIn: (body: Credentials) =>
    value(
      exchange<LoginAnswer>({ method: "POST", path: "/api/auth/login", body, credentials: true }),
    ),
  logOut: (everywhere = false) =>
    nothing(
      exchange({
        method: "POST",
        path: "/api/auth/logout",
        query: { everywhere: everywhere || undefined },
        credentials: true,
      }),
    ),
  /** Who is logged in. @throws RequestError 401: nobody; the session is not notified. */
  readMe: () => value(exchange<User>({ method: "GET", path: "/api/auth/me", credentials: true })),
  /** Who is logged in; null: nobody. A browser writes each 401 into its console as an error. */
  findMe: async () => {
    const query = { optional: true };
    const path = "/api/auth/me";
    const { value: user } = await exchange<User | undefined>({
      method: "GET",
      path,
      query,
      credentials: true,
    });
    return user ?? null;
  },
  changeMe: (body: UserPatch) =>
    value(
      exchange<User>({
        method: "PATCH",
        path: "/api/auth/me",
        body,
        // A wrong current password is a 401, too, and no reason to log in again.
        credentials: body.current_password !== undefined,
      }),
    ),
};

/** Boards of teams, with what is on them. */
export const boards = {
  list: (query: PageQuery & { archived?: boolean; deleted?: boolean; summary?: boolean } = {}) =>
    value(exchange<BoardPage>({ method: "GET", path: "/api/boards", query: { ...query } })),
  create: (body: NewBoard, { key }: WriteOptions = {}) =>
    value(exchange<Board>({ method: "POST", path: "/api/boards", body, idempotencyKey: key })),
  import: (body: BoardImport, { key }: WriteOptions = {}, signal?: AbortSignal) =>
    value(
      exchange<ImportedBoard>({
        method: "POST",
        path: "/api/boards/import",
        body,
        idempotencyKey: key,
        signal,
        timeout: LARGE,
      }),
    ),
  /** `at`: an event, or a time (RFC 3339). */
  read: (
    id: number,
    query: { at?: number | string; min_seq?: number } = {},
    signal?: AbortSignal,
  ) =>
    value(
      exchange<BoardDocument>({
        method: "GET",
        path: board(id),
        query,
        signal,
        timeout: LARGE,
      }),
    ),
  change: (id: number, body: BoardPatch, version?: number) =>
    exchange<Board>({ method: "PATCH", path: board(id), body, ifMatch: version }),
  delete: (id: number) => nothing(exchange({ method: "DELETE", path: board(id) })),
  restore: (id: number) => value(exchange<Board>({ method: "POST", path: `${board(id)}/restore` })),
  export: (id: number, query: { events?: number } = {}) =>
    value(
      exchange<ExportedBoard>({
        method: "GET",
        path: `${board(id)}/export`,
        query,
        timeout: LARGE,
      }),
    ),
  events: (id: number, query: { after?: number; limit?: number } = {}) =>
    value(exchange<EventPage>({ method: "GET", path: `${board(id)}/events`, query })),
  /** The compensating event, or nothing where there was nothing to undo. */
  undo: (id: number, seq: number, { key }: WriteOptions = {}) =>
    exchange<Event | undefined>({
      method: "POST",
      path: `${board(id)}/events/${seq}/undo`,
      idempotencyKey: key,
    }),
};

export const members = {
  list: (id: number, query: PageQuery = {}) =>
    value(
      exchange<MemberPage>({ method: "GET", path: `${board(id)}/members`, query: { ...query } }),
    ),
  set: (id: number, username: string, role: Role) =>
    value(exchange<Member>({ method: "PUT", path: member(id, username), body: { role } })),
  remove: (id: number, username: string) =>
    nothing(exchange({ method: "DELETE", path: member(id, username) })),
};

export const tasks = {
  list: (id: number, query: TaskQuery = {}) =>
    value(exchange<TaskPage>({ method: "GET", path: `${board(id)}/tasks`, query: { ...query } })),
  add: (id: number, body: NewTask, { key }: WriteOptions = {}) =>
    exchange<Task>({ method: "POST", path: `${board(id)}/tasks`, body, idempotencyKey: key }),
  read: (id: number, which: number) =>
    value(exchange<Task>({ method: "GET", path: task(id, which) })),
  change: (id: number, which: number, body: TaskPatch, version?: number) =>
    exchange<Task>({ method: "PATCH", path: task(id, which), body, ifMatch: version }),
  delete: (id: number, which: number, version?: number) =>
    exchange<undefined>({ method: "DELETE", path: task(id, which), ifMatch: version }),
  tick: (id: number, which: number, body: Tick, { key }: WriteOptions = {}) =>
    exchange<Task>({
      method: "POST",
      path: `${task(id, which)}/tick`,
      body,
      idempotencyKey: key,
    }),
  history: (id: number, which: number, query: PageQuery = {}) =>
    value(
      exchange<TaskHistory>({
        method: "GET",
        path: `${task(id, which)}/events`,
        query: { ...query },
      }),
    ),
};

export const comments = {
  list: (id: number, of: number, query: PageQuery = {}) =>
    value(
      exchange<CommentPage>({
        method: "GET",
        path: `${task(id, of)}/comments`,
        query: { ...query },
      }),
    ),
  add: (id: number, of: number, body: string, { key }: WriteOptions = {}) =>
    exchange<Comment>({
      method: "POST",
      path: `${task(id, of)}/comments`,
      body: { body },
      idempotencyKey: key,
    }),
  change: (id: number, of: number, which: number, body: string, version?: number) =>
    exchange<Comment>({
      method: "PATCH",
      path: comment(id, of, which),
      body: { body },
      ifMatch: version,
    }),
  delete: (id: number, of: number, which: number) =>
    exchange<undefined>({ method: "DELETE", path: comment(id, of, which) }),
};

type ListKind = "checklists" | "items";

/** Checklists of a task, and their items. */
export const checklists = {
  list: (id: number, of: number) =>
    value(exchange<Checklists>({ method: "GET", path: `${task(id, of)}/checklists` })),
  /** @param list the checklist that gets an item; null: a new checklist */
  add: (id: number, of: number, list: number | null, body: object, { key }: WriteOptions = {}) =>
    exchange<WholeChecklist | ChecklistItem>({
      method: "POST",
      path: `${task(id, of)}/checklists${list === null ? "" : `/${list}/items`}`,
      body,
      idempotencyKey: key,
    }),
  change: (id: number, of: number, kind: ListKind, which: number, body: object, version?: number) =>
    exchange<Checklist | ChecklistItem>({
      method: "PATCH",
      path: part(id, of, kind, which),
      body,
      ifMatch: version,
    }),
  delete: (id: number, of: number, kind: ListKind, which: number) =>
    exchange<undefined>({ method: "DELETE", path: part(id, of, kind, which) }),
  convert: (id: number, of: number, item: number, { key }: WriteOptions = {}) =>
    exchange<Task>({
      method: "POST",
      path: `${part(id, of, "items", item)}/convert`,
      idempotencyKey: key,
    }),
};

/** Boards without accounts, in the server's memory. */
export const quickWin = {
  /** `events`: how many of the newest events each board shows. */
  list: (query: PageQuery & { events?: number } = {}) =>
    value(
      exchange<QuickWinBoards>({
        method: "GET",
        path: "/api/quick-win/boards",
        query: { ...query },
      }),
    ),
  create: (body: NewQuickWinBoard, { key }: WriteOptions = {}) =>
    value(
      exchange<QuickWinBoard>({
        method: "POST",
        path: "/api/quick-win/boards",
        body,
        idempotencyKey: key,
      }),
    ),
  read: (id: number, query: { events?: number } = {}, signal?: AbortSignal) =>
    value(
      exchange<QuickWinBoard>({
        method: "GET",
        path: quick(id),
        query,
        signal,
        timeout: LARGE,
      }),
    ),
  rename: (id: number, name: string, version?: number) =>
    exchange<QuickWinBoard>({ method: "PATCH", path: quick(id), body: { name }, ifMatch: version }),
  delete: (id: number) => nothing(exchange({ method: "DELETE", path: quick(id) })),
  addTask: (id: number, body: NewQuickWinTask, { key }: WriteOptions = {}) =>
    exchange<QuickWinTask>({
      method: "POST",
      path: `${quick(id)}/tasks`,
      body,
      idempotencyKey: key,
    }),
  readTask: (id: number, which: number) =>
    value(exchange<QuickWinTask>({ method: "GET", path: `${quick(id)}/tasks/${which}` })),
  changeTask: (id: number, which: number, body: QuickWinTaskPatch, version?: number) =>
    exchange<QuickWinTask>({
      method: "PATCH",
      path: `${quick(id)}/tasks/${which}`,
      body,
      ifMatch: version,
    }),
  deleteTask: (id: number, which: number, version?: number) =>
    exchange<undefined>({
      method: "DELETE",
      path: `${quick(id)}/tasks/${which}`,
      ifMatch: version,
    }),
  events: (id: number, query: { after?: number; limit?: number } = {}) =>
    value(exchange<QuickWinEventPage>({ method: "GET", path: `${quick(id)}/events`, query })),
};
