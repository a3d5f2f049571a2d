/** Reads something out to screen readers without showing it. */

import { useEffect, useState } from "react";
import { AccessibilityInfo, Platform, View } from "react-native";
import { create } from "zustand";
import { VisuallyHidden } from "./text";
import { TopLayer } from "./top-layer";

const useAnnouncement = create<{ text: string; count: number }>()(() => ({ text: "", count: 0 }));

/** Says `text` politely, as soon as the screen reader is free; the same text twice is said twice. */
export function announce(text: string): void {
  if (Platform.OS !== "web") AccessibilityInfo.announceForAccessibility(text);
  else useAnnouncement.setState(({ count }) => ({ text, count: count + 1 }));
}

/** Belongs once into the app, beside its navigation. */
export function Announcer() {
  const { text, count } = useAnnouncement();
  const [said, setSaid] = useState("");
  useEffect(() => {
    // A live region speaks when its content changes: emptied first, the same text is a change too.
    const clear = setTimeout(() => setSaid(""), 0);
    const say = setTimeout(() => setSaid(text), 50);
    return () => {
      clearTimeout(clear);
      clearTimeout(say);
    };
  }, [text, count]);
  if (Platform.OS !== "web") return null;
  return (
    <TopLayer>
      <View role="status" aria-live="polite">
        <VisuallyHidden>{said}</VisuallyHidden>
      </View>
    </TopLayer>
  );
}
