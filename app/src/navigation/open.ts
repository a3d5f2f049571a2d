/** Goes to a path from anywhere: components, the session, notifications. */

import {
  CommonActions,
  createNavigationContainerRef,
  StackActions,
  type NavigationState,
} from "@react-navigation/native";
import type { BoardAddress, TaskId } from "../sync";
import { way } from "../utilities/way";
import {
  addressOf,
  parentOf,
  paths,
  screenOf,
  stateOf,
  type FilterQuery,
  type Routes,
} from "./routes";

export const navigation = createNavigationContainerRef<Routes>();

/** The path of the screen in view, as the address bar shows it. */
export function currentPath(): string {
  return navigation.isReady() ? pathAt(navigation.getRootState()?.routes ?? []) : "/";
}

/** The path of the last of these screens, as the address bar shows it. */
function pathAt(routes: NavigationState["routes"]): string {
  return routes.at(-1)?.path ?? addressOf(routes);
}

/** Shows the screen of a path above this one; goes back to it where it is below already. */
export function open(path: string): void {
  if (!navigation.isReady()) return;
  const target = stateOf(path)?.routes.at(-1);
  if (target === undefined) return;
  const routes = navigation.getRootState()?.routes ?? [];
  const wanted = screenOf(target);
  const steps = [...routes].reverse().findIndex((route) => screenOf(route) === wanted);
  if (steps > 0) navigation.dispatch(StackActions.pop(steps));
  else if (steps < 0) navigation.dispatch(StackActions.push(target.name, target.params));
}

/** Shows the screen of a path instead of this one: another part of the same. */
export function replaceBy(path: string): void {
  if (!navigation.isReady()) return;
  const target = stateOf(path)?.routes.at(-1);
  if (target !== undefined) navigation.dispatch(StackActions.replace(target.name, target.params));
}

/** Shows a path with the screens below it and forgets where one was: after login and logout. */
export function startAt(path: string): void {
  const state = stateOf(path);
  if (navigation.isReady() && state !== undefined) navigation.resetRoot(state);
}

/** The server has named a task: the address of its screen is one that a reload and others understand. */
export function renameTask(address: BoardAddress, from: TaskId, to: TaskId): void {
  readdress(paths.task(address, from), { task: to });
}

/**
 * A board is filtered otherwise: its address, and that of a task that is open over it, say how, so that a
 * reload and others see the same.
 */
export function refilter(address: BoardAddress, query: FilterQuery): void {
  readdress(paths.board(address), query);
}

/** Gives the screens of a path other parameters; where one was stays. */
function readdress(path: string, params: object): void {
  const state = navigation.isReady() ? navigation.getRootState() : undefined;
  if (state === undefined) return;
  const routes = state.routes.map((route) =>
    screenOf(route) === path
      ? // Without the path that it came by, which would continue to be reported as its own.
        { ...route, path: undefined, params: { ...route.params, ...params } }
      : route,
  );
  navigation.dispatch(CommonActions.reset({ ...state, routes }));
}

/** One screen back; from a first screen to the one above it in the order of paths. */
export function goBack(): void {
  if (!navigation.isReady()) return;
  if (navigation.canGoBack()) navigation.goBack();
  else startAt(parentOf(currentPath()) ?? "/");
}

/** Back to where one was before the login: the screen below if it is that one, else `next` itself. */
export function returnTo(next: string): void {
  if (!navigation.isReady()) return;
  const below = navigation.getRootState()?.routes.slice(0, -1) ?? [];
  if (below.length > 0 && pathAt(below) === next) navigation.goBack();
  else startAt(next);
}

way.open = open;
way.currentPath = currentPath;
