/** The app: its providers around its navigation. */

import { QueryClientProvider } from "@tanstack/react-query";
import { StatusBar } from "expo-status-bar";
import { useEffect, useState } from "react";
import { Platform, StyleSheet, View } from "react-native";
import { SafeAreaProvider } from "react-native-safe-area-context";
import { Announcer } from "./components/announcer";
import { Toasts } from "./components/toasts";
import { Navigation } from "./screens/navigation";
import { Palette } from "./screens/palette/palette";
import { ShortcutsSheet } from "./navigation/shortcuts-sheet";
import { queryClient } from "./state/query-client";
import { useSession } from "./state/session";
import { startEngine } from "./state/start";
import { useTheme } from "./theme";
import { useLanguage } from "./utilities/texts";

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

/** True as soon as what this device kept of the session is read; the server is asked meanwhile. */
function useSessionStarted(): boolean {
  const [started, setStarted] = useState(false);
  useEffect(() => {
    const end = useSession.subscribe(() => setStarted(true));
    startEngine().finally(() => setStarted(true));
    return end;
  }, []);
  return started;
}

export function App() {
  const started = useSessionStarted();
  const { colours } = useTheme();
  return (
    <SafeAreaProvider>
      <QueryClientProvider client={queryClient}>
        <PageLook />
        {started ? (
          <>
            <Navigation />
            <ShortcutsSheet />
            <Palette />
            <Toasts />
            <Announcer />
          </>
        ) : (
          <View style={[styles.all, { backgroundColor: colours.background }]} />
        )}
      </QueryClientProvider>
    </SafeAreaProvider>
  );
}

const styles = StyleSheet.create({ all: { flex: 1 } });
