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
import { open } from "../navigation/open";
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
  /** Told before the link leads on. */
  readonly onPress?: () => void;
}

/** Whether the browser is to do it itself: new tab, new window, download. */
function isBrowsers(event: GestureResponderEvent): boolean {
  const native: object = event.nativeEvent;
  return ["ctrlKey", "metaKey", "shiftKey", "altKey"].some(
    (key) => Reflect.get(native, key) === true,
  );
}

export function Link({ to, label, children, variant = "body", style, testID, onPress }: LinkProps) {
  const [over, setOver] = useState(false);
  const ours = to.startsWith("/");
  return (
    <Pressable
      role="link"
      aria-label={label}
      testID={testID}
      onHoverIn={() => setOver(true)}
      onHoverOut={() => setOver(false)}
      {...onWeb({
        href: to,
        ...(ours ? {} : { hrefAttrs: { rel: "noreferrer", target: "blank" } }),
      })}
      onPress={(event) => {
        if (ours && !isBrowsers(event)) {
          event.preventDefault();
          onPress?.();
          open(to);
        } else if (Platform.OS !== "web") void Linking.openURL(to);
      }}
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
