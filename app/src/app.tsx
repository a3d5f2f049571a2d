/** The app: its providers around its navigation. */

import { QueryClientProvider } from "@tanstack/react-query";
import { StatusBar } from "expo-status-bar";
import { useEffect } from "react";
import { Platform } from "react-native";
import { GestureHandlerRootView } from "react-native-gesture-handler";
import { SafeAreaProvider } from "react-native-safe-area-context";
import { Announcer } from "./components/announcer";
import { Toasts } from "./components/toasts";
import { Navigation } from "./navigation/navigation";
import { currentPath, open } from "./navigation/open";
import { paths } from "./navigation/routes";
import { ShortcutsSheet } from "./navigation/shortcuts-sheet";
import { queryClient } from "./state/query-client";
import { useSession } from "./state/session";
import { startEngine } from "./state/start";
import { useTheme } from "./theme";
import { useLanguage } from "./utilities/texts";

/** Whoever is not logged in (any more) is asked to, and comes back to where they were. */
function useLoginAsked() {
  const status = useSession((session) => session.status);
  useEffect(() => {
    const path = currentPath();
    if ((status === "guest" || status === "expired") && /^\/(boards|profile)\b/u.test(path)) {
      open(paths.login(path));
    }
  }, [status]);
}

/** What the page around the app takes from the theme: its ground, the focus ring, native controls. */
function PageLook() {
  const { colours, scheme } = useTheme();
  const language = useLanguage();
  useEffect(() => {
    if (Platform.OS !== "web") return;
    const { documentElement: page } = document;
    page.lang = language;
    page.style.setProperty("--background", colours.background);
    page.style.setProperty("--focus", colours.focus);
    page.style.colorScheme = scheme;
  }, [colours, scheme, language]);
  return <StatusBar style={scheme === "dark" ? "light" : "dark"} />;
}

export function App() {
  useEffect(() => {
    void startEngine();
  }, []);
  useLoginAsked();
  return (
    <GestureHandlerRootView style={{ flex: 1 }}>
      <SafeAreaProvider>
        <QueryClientProvider client={queryClient}>
          <PageLook />
          <Navigation />
          <ShortcutsSheet />
          <Toasts />
          <Announcer />
        </QueryClientProvider>
      </SafeAreaProvider>
    </GestureHandlerRootView>
  );
}
