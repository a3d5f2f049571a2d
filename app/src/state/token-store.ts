/** The login token on phones, in the system's key store. On the web there is none: the cookie is it. */

import * as SecureStore from "expo-secure-store";
import { Platform } from "react-native";

const KEY = "taskboard-token";

export async function loadToken(): Promise<string | null> {
  return Platform.OS === "web" ? null : SecureStore.getItemAsync(KEY);
}

export async function keepToken(token: string | null): Promise<void> {
  if (Platform.OS === "web") {
    return;
  }
  await (token === null ? SecureStore.deleteItemAsync(KEY) : SecureStore.setItemAsync(KEY, token));
}
