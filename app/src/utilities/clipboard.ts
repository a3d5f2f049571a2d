/** Hands text to the user to take elsewhere: the browser's clipboard, a phone's share sheet. */

import { Platform, Share } from "react-native";

/** @returns whether it was taken; browsers have no clipboard on pages without TLS */
export async function copyText(text: string): Promise<boolean> {
  try {
    if (Platform.OS === "web") {
      await navigator.clipboard.writeText(text);
    } else {
      await Share.share({ message: text });
    }
    return true;
  } catch {
    return false;
  }
}
