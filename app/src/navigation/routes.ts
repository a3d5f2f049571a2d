/** The app's addresses: which path is which screen, and which screens are below it. */

import {
  getPathFromState,
  getStateFromPath,
  type LinkingOptions,
  type NavigationState,
  type PartialState,
} from "@react-navigation/native";
import type { BoardAddress, Mode } from "../sync";

/** A filter in the query of an address; what chooses nothing is not in it. */
export interface FilterQuery {
  readonly q?: string | undefined;
  readonly assignee?: readonly string[] | undefined;
  readonly label?: readonly string[] | undefined;
  readonly due?: readonly string[] | undefined;
}

/** What each screen is given. Ids are positive integers; `next` is a path of ours. */
type Board = { id: number } & FilterQuery;

export type Routes = {
  Home: undefined;
  Login: { next?: string } | undefined;
  Register: { next?: string } | undefined;
  Invite: undefined;
  Reset: undefined;
  VerifyEmail: undefined;
  Boards: undefined;
  Board: Board;
  Task: { id: number; task: number };
  Members: { id: number };
  Timeline: { id: number; at?: number | string; task?: number };
  Insights: { id: number };
  Profile: undefined;
  QuickWin: undefined;
  QuickWinBoard: Board;
  QuickWinTask: { id: number; task: number };
  QuickWinTimeline: { id: number; at?: number | string; task?: number };
  AdminActivity: undefined;
  AdminDashboard: undefined;
  AdminUsers: undefined;
  NotFound: undefined;
};

const PATTERNS = {
  Home: "",
  Login: "login",
  Register: "register",
  Invite: "invite",
  Reset: "reset",
  VerifyEmail: "verify-email",
  Boards: "boards",
  Board: "boards/:id([1-9][0-9]{0,15})",
  Task: "boards/:id([1-9][0-9]{0,15})/tasks/:task(-?[1-9][0-9]{0,15})",
  Members: "boards/:id([1-9][0-9]{0,15})/members",
  Timeline: "boards/:id([1-9][0-9]{0,15})/timeline",
  Insights: "boards/:id([1-9][0-9]{0,15})/insights",
  Profile: "profile",
  QuickWin: "quick-win",
  QuickWinBoard: "quick-win/boards/:id([1-9][0-9]{0,15})",
  QuickWinTask: "quick-win/boards/:id([1-9][0-9]{0,15})/tasks/:task(-?[1-9][0-9]{0,15})",
  QuickWinTimeline: "quick-win/boards/:id([1-9][0-9]{0,15})/timeline",
  AdminActivity: "admin",
  AdminDashboard: "admin/dashboard",
  AdminUsers: "admin/users",
  NotFound: "*",
} as const satisfies Record<keyof Routes, string>;

const number = { id: Number, task: Number };
/** A moment is given by its event or by its time. */
const moment = { ...number, at: (text: string) => (/^\d+$/u.test(text) ? Number(text) : text) };

const config = {
  screens: {
    Home: PATTERNS.Home,
    Login: PATTERNS.Login,
    Register: PATTERNS.Register,
    Invite: PATTERNS.Invite,
    Reset: PATTERNS.Reset,
    VerifyEmail: PATTERNS.VerifyEmail,
    Boards: PATTERNS.Boards,
    Board: { path: PATTERNS.Board, parse: number },
    Task: { path: PATTERNS.Task, parse: number },
    Members: { path: PATTERNS.Members, parse: number },
    Timeline: { path: PATTERNS.Timeline, parse: moment },
    Insights: { path: PATTERNS.Insights, parse: number },
    Profile: PATTERNS.Profile,
    QuickWin: PATTERNS.QuickWin,
    QuickWinBoard: { path: PATTERNS.QuickWinBoard, parse: number },
    QuickWinTask: { path: PATTERNS.QuickWinTask, parse: number },
    QuickWinTimeline: { path: PATTERNS.QuickWinTimeline, parse: moment },
    AdminActivity: PATTERNS.AdminActivity,
    AdminDashboard: PATTERNS.AdminDashboard,
    AdminUsers: PATTERNS.AdminUsers,
    NotFound: PATTERNS.NotFound,
  },
} as const;

export const paths = {
  home: "/",
  login: (next?: string) =>
    next === undefined ? "/login" : `/login?next=${encodeURIComponent(next)}`,
  register: (next?: string) =>
    next === undefined ? "/register" : `/register?next=${encodeURIComponent(next)}`,
  /** Of an invitation; its secret comes behind a `#`, and stays in no path. */
  invite: "/invite",
  /** Of a link that confirms an address; likewise. */
  verifyEmail: "/verify-email",
  profile: "/profile",
  boards: (mode: Mode) => (mode === "teams" ? "/boards" : "/quick-win"),
  board: ({ mode, id }: BoardAddress) =>
    mode === "teams" ? `/boards/${id}` : `/quick-win/boards/${id}`,
  task: (address: BoardAddress, task: number) => `${paths.board(address)}/tasks/${task}`,
  members: (id: number) => `/boards/${id}/members`,
  /** The board as it was right after event `at`, with a task as it was then. */
  timeline: (address: BoardAddress, at?: number, task?: number) => {
    const query = [at === undefined ? [] : `at=${at}`, task === undefined ? [] : `task=${task}`];
    const words = query.flat().join("&");
    return `${paths.board(address)}/timeline${words === "" ? "" : `?${words}`}`;
  },
  insights: (id: number) => `/boards/${id}/insights`,
  admin: "/admin",
  adminDashboard: "/admin/dashboard",
  adminUsers: "/admin/users",
};

/** Where "back" leads from a path, so that a deep link has a way back, too. A task's query is its board's. */
export function parentOf(path: string): string | null {
  const [, plain = "", query = ""] = /^([^?#]*)(\?[^#]*)?/u.exec(path) ?? [];
  const board = /^(\/quick-win)?\/boards\/\d+/u.exec(plain);
  if (board !== null) {
    if (/\/tasks\/[^/]+$/u.test(plain)) return board[0] + query;
    if (plain !== board[0]) return board[0];
    return board[1] === undefined ? "/boards" : "/quick-win";
  }
  return plain === "/profile" || /^\/admin(\/|$)/u.test(plain) ? "/" : null;
}

/** `next` if it is a path of ours, else `/`: a link must not lead away after the login. */
export function safeNext(next: string | undefined): string {
  if (next === undefined || !/^\/(?![/\\])[^\\\u0000-\u001f]*$/u.test(next)) return "/";
  return /^\/(login|register)\b/u.test(next) ? "/" : next;
}

type State = PartialState<NavigationState>;
type Route = State["routes"][number];

const isTask = ({ name }: Screen) => name === "Task" || name === "QuickWinTask";

/** A task whose address says how its board is filtered: the screen below it knows that. */
function withoutQuery({ name, params }: Route): Route {
  const { id, task } = params as Routes["Task"];
  return { name, params: { id, task } };
}

/** The screens for a path, with those below it: `/boards/7/tasks/3` is on `/boards/7` on `/boards`. */
export function stateOf(path: string): State | undefined {
  const routes: Route[] = [];
  for (let at: string | null = path; at !== null; at = parentOf(at)) {
    const route = getStateFromPath<Routes>(at, config)?.routes[0];
    if (route !== undefined) routes.unshift(isTask(route) ? withoutQuery(route) : route);
  }
  return routes.length === 0 ? undefined : { index: routes.length - 1, routes };
}

interface Screen {
  readonly name: string;
  readonly params?: object | undefined;
}

/** The path of the last of these screens, each on the one before: a task's says how its board is filtered. */
export function addressOf(screens: readonly Screen[]): string {
  const [below, top] = [screens.at(-2), screens.at(-1)];
  if (top === undefined) return "/";
  const path = pathOf(top);
  const filtered = below !== undefined && isTask(top) && screenOf(below) === parentOf(path);
  return filtered ? pathOf({ name: top.name, params: { ...below.params, ...top.params } }) : path;
}

/** The path of a screen by itself, spelled as a browser spells it: it knows one more sign that is no part of a query. */
export function pathOf({ name, params }: Screen): string {
  return spelled(getPathFromState<Routes>({ routes: [{ name, params }] }, config));
}

function spelled(path: string): string {
  return path.replaceAll("'", "%27");
}

/** The path that distinguishes one screen from another: a board is the same however it is filtered. */
export function screenOf({ name, params }: Screen): string {
  const path = pathOf({ name, params });
  return name === "Board" || name === "QuickWinBoard" ? path.replace(/\?.*$/u, "") : path;
}

export const linking: LinkingOptions<Routes> = {
  prefixes: ["taskboard://"],
  config,
  getStateFromPath: stateOf,
  getPathFromState: ({ routes, index }) =>
    addressOf(routes.slice(0, (index ?? routes.length - 1) + 1)),
};
