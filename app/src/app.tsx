/** The app: its providers around its navigation. */

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
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
import { ME } from "./state/account";
import { useTheme } from "./theme";
import { useLanguage } from "./utilities/texts";
import { settings } from "./utilities/request";

const queries = new QueryClient({
  defaultOptions: {
    // `request.ts` retries reads itself; twice over would only keep people waiting.
    queries: { retry: false, refetchOnWindowFocus: true, networkMode: "always" },
    mutations: { networkMode: "always" },
  },
});

/** Whoever is not logged in any more is asked to, and comes back to where they were. */
function onUnauthorized() {
  queries.setQueryData(ME, null);
  const path = currentPath();
  if (!/^\/(login|register|quick-win)\b/u.test(path)) open(paths.login(path));
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
    settings.onUnauthorized = onUnauthorized;
  }, []);
  return (
    <GestureHandlerRootView style={{ flex: 1 }}>
      <SafeAreaProvider>
        <QueryClientProvider client={queries}>
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
