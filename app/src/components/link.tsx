/** A link to a screen or to a page elsewhere: a real `<a href>` on the web. */

import { useState, type ReactNode } from "react";
import {
  Linking,
  Platform,
  Pressable,
  StyleSheet,
  type GestureResponderEvent,
  type StyleProp,
  type ViewStyle,
} from "react-native";
import { way } from "../utilities/way";
import { onWeb } from "../utilities/web";
import { Text, type TextVariant } from "./text";

export interface LinkProps {
  /** A path of ours (`/boards/7`), or a whole address. */
  readonly to: string;
  readonly label: string;
  /** Shown instead of the label in the style of a link. */
  readonly children?: ReactNode;
  readonly variant?: TextVariant;
  readonly style?: StyleProp<ViewStyle>;
  readonly testID?: string;
  /** Called before the link is followed. */
  readonly onPress?: () => void;
}

/** Whether the browser is to do it itself: new tab, new window, download. */
function isBrowsers(event: GestureResponderEvent): boolean {
  const native: object = event.nativeEvent;
  return ["ctrlKey", "metaKey", "shiftKey", "altKey"].some(
    (key) => Reflect.get(native, key) === true,
  );
}

/**
 * Makes a `Pressable` a link to a path of ours: Enter and a press follow it, and the browser opens it in
 * a tab or copies its address as it does with every link.
 *
 * @param follow instead of showing the path's screen above this one
 */
export function linkProps(to: string, follow: () => void = () => way.open(to)) {
  return {
    role: "link",
    ...onWeb({ href: to }),
    onPress: (event: GestureResponderEvent) => {
      if (Platform.OS === "web") {
        if (isBrowsers(event)) return;
        event.preventDefault();
      }
      follow();
    },
  } as const;
}

/** A page elsewhere: browsers open it themselves. */
function foreign(to: string) {
  return {
    role: "link",
    ...onWeb({ href: to, hrefAttrs: { rel: "noreferrer", target: "blank" } }),
    onPress: () => {
      if (Platform.OS !== "web") void Linking.openURL(to);
    },
  } as const;
}

export function Link({ to, label, children, variant = "body", style, testID, onPress }: LinkProps) {
  const [over, setOver] = useState(false);
  const props = to.startsWith("/")
    ? linkProps(to, () => {
        onPress?.();
        way.open(to);
      })
    : foreign(to);
  return (
    <Pressable
      {...props}
      aria-label={label}
      testID={testID}
      onHoverIn={() => setOver(true)}
      onHoverOut={() => setOver(false)}
      style={style}
    >
      {children ?? (
        <Text variant={variant} tone="accent" style={[styles.text, over && styles.over]}>
          {label}
        </Text>
      )}
    </Pressable>
  );
}

const styles = StyleSheet.create({
  text: { textDecorationLine: "underline" },
  over: { textDecorationLine: "none" },
});
