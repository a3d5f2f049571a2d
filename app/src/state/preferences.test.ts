/** Guards what a user prefers on this device. */

import AsyncStorage from "@react-native-async-storage/async-storage";
import { waitFor } from "@testing-library/react-native";
import { MemoryStore } from "../utilities/storage";
import { followPreferences, usePreferences } from "./preferences";

it("what another tab sets holds here at once, but for the boards that are shown", async () => {
  const store = new MemoryStore();
  const end = followPreferences(store);
  usePreferences.getState().setMode("teams");
  const state = { theme: "dark", language: "de", mode: "quick-win" };
  await AsyncStorage.setItem("taskboard/preferences", JSON.stringify({ state, version: 1 }));
  store.announce("preferences");
  await waitFor(() => expect(usePreferences.getState().language).toBe("de"));
  expect(usePreferences.getState().theme).toBe("dark");
  expect(usePreferences.getState().mode).toBe("teams");
  end();
});
