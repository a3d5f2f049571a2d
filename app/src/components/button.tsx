/** Buttons: with a text, or with an icon and a name. */

import {
  forwardRef,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  type RefObject,
} from "react";
import {
  Platform,
  Pressable,
  StyleSheet,
  View,
  type StyleProp,
  type ViewStyle,
} from "react-native";
import { radii, spacing, target, useTheme, type Theme } from "../theme";
import { useTexts } from "../utilities/texts";
import { onWeb, type WebProps } from "../utilities/web";
import { Icon, type IconName } from "./icon";
import { linkProps } from "./link";
import { Spinner } from "./spinner";
import { Text, type Tone } from "./text";

/** `primary`: once a screen. `inverse`: on toasts. */
export type ButtonKind = "primary" | "secondary" | "quiet" | "danger" | "inverse";

interface Common {
  readonly onPress: () => void;
  /** Where it leads, a path of ours: then it is a link that looks like a button, and `onPress` follows it. */
  readonly to?: string;
  readonly disabled?: boolean;
  readonly testID?: string;
  /** What else the browser is to know: `aria-haspopup`, `onKeyDown`, … */
  readonly web?: WebProps;
}

export interface ButtonProps extends Common {
  readonly label: string;
  readonly kind?: ButtonKind;
  readonly icon?: IconName;
  readonly size?: "normal" | "small";
  /** Something runs: the button turns and takes no further press. */
  readonly busy?: boolean;
  /** Read instead of `label` where that alone says too little ("Remove ada"). */
  readonly accessibilityLabel?: string;
  readonly expanded?: boolean;
  readonly style?: StyleProp<ViewStyle>;
}

/** Something that can be given the keyboard. */
export interface Focusable {
  focus(): void;
}

const tones: Record<ButtonKind, Tone> = {
  primary: "onAccent",
  secondary: "text",
  quiet: "accent",
  danger: "onDanger",
  inverse: "onInverseAccent",
};

const nothing = () => undefined;

/**
 * A button that cannot be pressed now. A browser takes the keyboard from what is `disabled`, so there it is
 * only said, and said on the element: `Pressable` overwrites the prop.
 */
function usePress(
  view: RefObject<View | null>,
  {
    disabled = false,
    busy = false,
    onPress,
    to,
  }: Omit<Common, "web"> & { readonly busy?: boolean },
) {
  const off = disabled || busy;
  useLayoutEffect(() => {
    const element: unknown = view.current;
    if (!off || typeof HTMLElement === "undefined" || !(element instanceof HTMLElement)) return;
    element.setAttribute("aria-disabled", "true");
    return () => element.removeAttribute("aria-disabled");
  }, [view, off]);
  return {
    role: "button",
    disabled: Platform.OS !== "web" && disabled,
    onPress: off ? nothing : onPress,
    ...(to === undefined || off ? {} : linkProps(to, onPress)),
  } as const;
}

interface State {
  readonly pressed: boolean;
  readonly hovered?: boolean;
}

const AT_REST: State = { pressed: false };

function paint({ colours }: Theme, kind: ButtonKind, { pressed, hovered }: State): ViewStyle {
  const active = pressed || hovered === true;
  switch (kind) {
    case "primary":
      return { backgroundColor: active ? colours.accentHover : colours.accent };
    case "danger":
      return { backgroundColor: active ? colours.dangerHover : colours.danger };
    case "secondary":
      return {
        backgroundColor: pressed ? colours.pressed : hovered ? colours.hover : colours.surface,
        borderColor: colours.borderStrong,
        borderWidth: 1,
      };
    case "inverse":
      return { backgroundColor: "transparent", opacity: active ? 0.85 : 1 };
    case "quiet":
      return { backgroundColor: active ? colours.hover : "transparent" };
  }
}

export const Button = forwardRef<Focusable, ButtonProps>(function Button(
  { label, kind = "secondary", icon, size = "normal", busy = false, disabled = false, ...rest },
  ref,
) {
  const theme = useTheme();
  const texts = useTexts();
  const view = useRef<View>(null);
  const press = usePress(view, { ...rest, disabled, busy });
  useImperativeHandle(ref, () => ({ focus: () => view.current?.focus() }));
  return (
    <Pressable
      ref={view}
      aria-label={rest.accessibilityLabel ?? label}
      aria-busy={busy}
      aria-expanded={rest.expanded}
      {...press}
      testID={rest.testID}
      {...onWeb(disabled ? {} : (rest.web ?? {}))}
      style={(state: State) => [
        styles.button,
        size === "small" && styles.small,
        paint(theme, kind, disabled ? AT_REST : state),
        state.pressed && !disabled && styles.pressed,
        disabled && styles.disabled,
        rest.style,
      ]}
    >
      {busy ? (
        <Spinner size={16} tone={tones[kind]} label={texts.kit.busy} />
      ) : (
        icon !== undefined && (
          <Icon name={icon} size={size === "small" ? 16 : 18} tone={tones[kind]} />
        )
      )}
      <Text variant="label" tone={tones[kind]} numberOfLines={1}>
        {label}
      </Text>
    </Pressable>
  );
});

/** An icon that is pressed. `label` is its name, and its tooltip where a pointer hovers. */
export const IconButton = forwardRef<
  Focusable,
  Common & {
    readonly icon: IconName;
    readonly label: string;
    readonly tone?: Tone;
    readonly size?: number;
    readonly expanded?: boolean;
    readonly style?: StyleProp<ViewStyle>;
  }
>(function IconButton(
  { icon, label, tone = "textMuted", size = 20, disabled = false, ...rest },
  ref,
) {
  const { colours } = useTheme();
  const view = useRef<View>(null);
  const press = usePress(view, { ...rest, disabled });
  useImperativeHandle(ref, () => ({ focus: () => view.current?.focus() }));
  const tip = useTooltip(label);
  return (
    <Pressable
      ref={view}
      aria-label={label}
      aria-expanded={rest.expanded}
      {...press}
      testID={rest.testID}
      {...onWeb(disabled ? {} : (rest.web ?? {}))}
      style={({ pressed, hovered }: State) => [
        styles.icon,
        !disabled && hovered === true && { backgroundColor: colours.hover },
        !disabled && pressed && { backgroundColor: colours.pressed },
        disabled && styles.disabled,
        rest.style,
      ]}
    >
      <View ref={tip} style={styles.tip}>
        <Icon name={icon} size={size} tone={tone} />
      </View>
    </Pressable>
  );
});

/** Inside the button rather than on it: there screen readers would read the name a second time. */
function useTooltip(words: string) {
  const view = useRef<View>(null);
  useEffect(() => {
    const element: unknown = view.current;
    if (typeof HTMLElement !== "undefined" && element instanceof HTMLElement) element.title = words;
  }, [words]);
  return view;
}

const styles = StyleSheet.create({
  button: {
    flexDirection: "row",
    alignItems: "center",
    justifyContent: "center",
    gap: spacing.s,
    minHeight: Math.max(40, target),
    paddingHorizontal: spacing.l,
    borderRadius: radii.m,
  },
  small: { minHeight: target, paddingHorizontal: spacing.m },
  icon: {
    width: target,
    height: target,
    alignItems: "center",
    justifyContent: "center",
    borderRadius: radii.m,
  },
  tip: { position: "absolute", inset: 0, alignItems: "center", justifyContent: "center" },
  pressed: { transform: [{ scale: 0.98 }] },
  disabled: { opacity: 0.5, cursor: "auto" },
});
