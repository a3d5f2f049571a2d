/** Styles that only browsers know; phones are given none of them. */

import { Platform, type ViewStyle } from "react-native";

interface WebStyle {
  transitionProperty?: string;
  transitionDuration?: string;
  transitionTimingFunction?: string;
  userSelect?: "none" | "auto" | "text";
  scrollSnapType?: string;
  scrollSnapAlign?: string;
  scrollbarGutter?: string;
  scrollbarWidth?: string;
  outlineStyle?: string;
  outlineWidth?: number;
  outlineOffset?: number;
  outlineColor?: string;
  overscrollBehavior?: string;
  cursor?: string;
  touchAction?: string;
  visibility?: string;
  position?: "sticky";
  bottom?: number;
  scrollPaddingBottom?: number;
  breakInside?: "avoid";
}

/** @returns a style that only the web has */
export function webStyle(style: WebStyle): ViewStyle {
  const styles: Partial<Record<string, WebStyle>> = { web: style };
  const chosen: object = styles[Platform.OS] ?? {};
  return chosen;
}
