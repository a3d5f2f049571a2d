/** Renders a screen as the app does: in a stack, with queries, on a phone of 390 × 844. */

import { NavigationContainer } from "@react-navigation/native";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, type RenderResult } from "@testing-library/react-native";
import type { ReactNode } from "react";
import { SafeAreaProvider } from "react-native-safe-area-context";
import { Toasts } from "../components/toasts";
import { navigation } from "../navigation/open";
import type { Routes } from "../navigation/routes";
import { Stack } from "../navigation/stack";
import { useToasts } from "../state/toasts";

const metrics = {
  frame: { x: 0, y: 0, width: 390, height: 844 },
  insets: { top: 47, left: 0, right: 0, bottom: 34 },
};

function client() {
  return new QueryClient({
    // Nothing is thrown away later: a timer would outlive its test.
    defaultOptions: {
      queries: { retry: false, gcTime: Infinity, networkMode: "always" },
      mutations: { gcTime: Infinity, networkMode: "always" },
    },
  });
}

/** A part of a screen, with what the kit needs around it. */
export function renderPart(part: ReactNode): RenderResult {
  return render(
    <SafeAreaProvider initialMetrics={metrics}>
      <QueryClientProvider client={client()}>{part}</QueryClientProvider>
    </SafeAreaProvider>,
  );
}

/** Where a screen may lead in a test: empty, but there. */
const OTHERS = ["Home", "Boards", "Board", "Login", "Register", "QuickWin"] as const;

/** A whole screen under the name of its route. */
export function renderScreen(name: keyof Routes, screen: ReactNode): RenderResult {
  useToasts.setState({ toasts: [] });
  return renderPart(
    <NavigationContainer ref={navigation}>
      <Stack.Navigator screenOptions={{ headerShown: false }}>
        <Stack.Screen name={name}>{() => screen}</Stack.Screen>
        {OTHERS.filter((other) => other !== name).map((other) => (
          <Stack.Screen key={other} name={other}>
            {() => null}
          </Stack.Screen>
        ))}
      </Stack.Navigator>
      <Toasts />
    </NavigationContainer>,
  );
}
