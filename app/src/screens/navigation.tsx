/** Which screen is at which address; the app's history is the browser's. */

import {
  DarkTheme,
  DefaultTheme,
  NavigationContainer,
  type RouteProp,
  type Theme,
  useNavigationState,
} from "@react-navigation/native";
import { useMemo, useState } from "react";
import { InviteScreen, ResetScreen, VerifyEmailScreen } from "./access/link-screens";
import { LoginScreen } from "./account/login-screen";
import { RegisterScreen } from "./account/register-screen";
import { AdminScreen } from "./admin/admin-screen";
import { BoardScreen } from "../board/board-screen";
import { TimelineScreen } from "../board/timeline-screen";
import { BoardsScreen } from "./boards/boards-screen";
import { InsightsScreen } from "./insights/insights-screen";
import { MembersScreen } from "./members/members-screen";
import { ProfileScreen } from "./profile/profile-screen";
import { TaskScreen } from "./task/task-screen";
import { NotFoundScreen } from "./welcome/not-found-screen";
import { WelcomeScreen } from "./welcome/welcome-screen";
import { usePreferences } from "../state/preferences";
import { useSession } from "../state/session";
import type { Mode } from "../sync";
import { useTheme } from "../theme";
import { useLoginGuard } from "../navigation/login-guard";
import { navigation } from "../navigation/open";
import { linking, safeNext, type Routes } from "../navigation/routes";
import { Stack } from "../navigation/stack";

/** One object per board for as long as its screen exists: screens may hang effects on it. */
function useAddress(mode: Mode, id: number) {
  return useMemo(() => ({ mode, id }), [mode, id]);
}

function Home() {
  const mode = usePreferences((preferences) => preferences.mode);
  const known = useSession(({ user }) => user !== null);
  // Whose browser is logged in, though this page kept nothing of it, is no new visitor.
  if (mode === null && !known) return <WelcomeScreen />;
  return <BoardsScreen mode={mode ?? "teams"} />;
}

interface Given<Name extends keyof Routes> {
  readonly route: RouteProp<Routes, Name>;
}

function Login({ route }: Given<"Login">) {
  return <LoginScreen next={safeNext(route.params?.next)} />;
}

function Register({ route }: Given<"Register">) {
  return <RegisterScreen next={safeNext(route.params?.next)} />;
}

function Boards() {
  return <BoardsScreen mode="teams" />;
}

/** Below a timeline that a link opened, a board is asked for when one comes to it: to admins it may not open. */
function Board({ route }: Given<"Board">) {
  const address = useAddress("teams", route.params.id);
  const hidden = useNavigationState(({ routes }) => routes.at(-1)?.name === "Timeline");
  const [asked, setAsked] = useState(!hidden);
  if (!hidden && !asked) setAsked(true);
  return asked ? <BoardScreen address={address} /> : null;
}

function Task({ route }: Given<"Task">) {
  return <TaskScreen address={useAddress("teams", route.params.id)} task={route.params.task} />;
}

function Members({ route }: Given<"Members">) {
  return <MembersScreen board={route.params.id} />;
}

/** A number of an address's query; `null`: there is none. */
function given(number: number | undefined): number | null {
  return Number.isSafeInteger(number) ? (number ?? null) : null;
}

/** A moment of an address: its event's number, or a time (RFC 3339); `null`: there is none. */
function momentOf(at: number | string | undefined): number | string | null {
  if (typeof at !== "string") return given(at);
  const isTime = /^\d{4}-\d{2}-\d{2}T/u.test(at) && !Number.isNaN(Date.parse(at));
  return isTime ? new Date(at).toISOString() : null;
}

function Timeline({ route: { params } }: Given<"Timeline">) {
  const address = useAddress("teams", params.id);
  return <TimelineScreen address={address} at={momentOf(params.at)} task={given(params.task)} />;
}

function Insights({ route }: Given<"Insights">) {
  return <InsightsScreen board={route.params.id} />;
}

function AdminActivity() {
  return <AdminScreen part="activity" />;
}

function AdminDashboard() {
  return <AdminScreen part="dashboard" />;
}

function AdminUsers() {
  return <AdminScreen part="users" />;
}

function QuickWin() {
  return <BoardsScreen mode="quick-win" />;
}

function QuickWinBoard({ route }: Given<"QuickWinBoard">) {
  return <BoardScreen address={useAddress("quick-win", route.params.id)} />;
}

function QuickWinTask({ route }: Given<"QuickWinTask">) {
  return <TaskScreen address={useAddress("quick-win", route.params.id)} task={route.params.task} />;
}

function QuickWinTimeline({ route: { params } }: Given<"QuickWinTimeline">) {
  const address = useAddress("quick-win", params.id);
  return <TimelineScreen address={address} at={momentOf(params.at)} task={given(params.task)} />;
}

/** A task is on its board, which stays in view where there is room. */
const onBoard = { presentation: "transparentModal", animation: "fade" } as const;

export function Navigation() {
  useLoginGuard();
  const { colours, scheme } = useTheme();
  const theme = useMemo((): Theme => {
    const base = scheme === "dark" ? DarkTheme : DefaultTheme;
    return { ...base, colors: { ...base.colors, background: colours.background } };
  }, [colours, scheme]);
  return (
    <NavigationContainer
      ref={navigation}
      linking={linking}
      theme={theme}
      // The screens know their titles themselves.
      documentTitle={{ enabled: false }}
    >
      <Stack.Navigator initialRouteName="Home" screenOptions={{ headerShown: false }}>
        <Stack.Screen name="Home" component={Home} />
        <Stack.Screen name="Login" component={Login} />
        <Stack.Screen name="Register" component={Register} />
        <Stack.Screen name="Invite" component={InviteScreen} />
        <Stack.Screen name="Reset" component={ResetScreen} />
        <Stack.Screen name="VerifyEmail" component={VerifyEmailScreen} />
        <Stack.Screen name="Boards" component={Boards} />
        <Stack.Screen name="Board" component={Board} />
        <Stack.Screen name="Task" component={Task} options={onBoard} />
        <Stack.Screen name="Members" component={Members} />
        <Stack.Screen name="Timeline" component={Timeline} />
        <Stack.Screen name="Insights" component={Insights} />
        <Stack.Screen name="Profile" component={ProfileScreen} />
        <Stack.Screen name="QuickWin" component={QuickWin} />
        <Stack.Screen name="QuickWinBoard" component={QuickWinBoard} />
        <Stack.Screen name="QuickWinTask" component={QuickWinTask} options={onBoard} />
        <Stack.Screen name="QuickWinTimeline" component={QuickWinTimeline} />
        <Stack.Screen name="AdminActivity" component={AdminActivity} />
        <Stack.Screen name="AdminDashboard" component={AdminDashboard} />
        <Stack.Screen name="AdminUsers" component={AdminUsers} />
        <Stack.Screen name="NotFound" component={NotFoundScreen} />
      </Stack.Navigator>
    </NavigationContainer>
  );
}
