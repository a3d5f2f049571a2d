/** Sends users to the login who need it, and remembers where they were. */

import { useEffect } from "react";
import { usePreferences } from "../state/preferences";
import { useSession } from "../state/session";
import { afterTyping } from "../utilities/typing";
import { useLoginInView } from "../components/login-in-view";
import { currentPath, navigation, open, startAt } from "./open";
import { paths } from "./routes";

const PROTECTED = new Set<string>([
  "Boards",
  "Board",
  "Task",
  "Members",
  "Timeline",
  "Insights",
  "AdminActivity",
  "AdminDashboard",
  "AdminUsers",
]);

function screenNow(): string | undefined {
  return navigation.isReady() ? navigation.getCurrentRoute()?.name : undefined;
}

function isProtected(): boolean {
  const { mode } = usePreferences.getState();
  const name = screenNow();
  return name !== undefined && (PROTECTED.has(name) || (name === "Home" && mode === "teams"));
}

/** A profile is a guest's, too, but whose login has expired has theirs open. */
function asksAgain(): boolean {
  return isProtected() || screenNow() === "Profile";
}

/**
 * A guest never stays on a board of a team. Whose login has expired is asked once, over the screen
 * they were on: they may go back to it and read on, and the bar above still offers the login.
 */
export function useLoginGuard(): void {
  useEffect(() => {
    const redirectGuest = () => {
      if (useSession.getState().status !== "guest" || !isProtected()) return;
      const path = currentPath();
      startAt(paths.login(path === "/" ? undefined : path));
    };
    let giveUp: () => void = () => undefined;
    const askAgain = () => {
      giveUp();
      giveUp = afterTyping(() => {
        const expired = useSession.getState().status === "expired";
        if (!expired || !asksAgain()) return;
        // Before the login is drawn: below a dialog its field could not be given the keyboard.
        useLoginInView.setState(true);
        open(paths.login(currentPath()));
      });
    };
    const ended = [
      navigation.addListener("state", () => {
        useLoginInView.setState(["Login", "Register"].includes(screenNow() ?? ""));
        redirectGuest();
      }),
      navigation.addListener("ready", () => {
        if (useSession.getState().status === "expired") askAgain();
        redirectGuest();
      }),
      useSession.subscribe(({ status }, before) => {
        if (status === before.status) return;
        if (status === "expired") askAgain();
        redirectGuest();
      }),
    ];
    return () => [...ended, giveUp].forEach((end) => end());
  }, []);
}
