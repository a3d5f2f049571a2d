/** Text in the sizes and tones of the theme, headings with levels, and text for screen readers only. */

import { forwardRef, type ReactNode } from "react";
import {
  StyleSheet,
  Text as NativeText,
  type StyleProp,
  type TextProps,
  type TextStyle,
} from "react-native";
import { useTheme, type Colours } from "../theme";
import { onWeb } from "../utilities/web";

export type TextVariant = "caption" | "small" | "label" | "body" | "strong";
/** A colour role that text may have. */
export type Tone =
  | "text"
  | "textMuted"
  | "accent"
  | "danger"
  | "warning"
  | "success"
  | Extract<keyof Colours, `on${string}`>;

interface Props extends Omit<TextProps, "style"> {
  readonly variant?: TextVariant;
  readonly tone?: Tone;
  readonly style?: StyleProp<TextStyle>;
}

interface HeadingProps extends Omit<Props, "variant"> {
  readonly level: 1 | 2 | 3;
  readonly look?: 1 | 2 | 3 | "display";
  readonly tabIndex?: 0 | -1;
}

export function Text({ variant = "body", tone = "text", style, ...rest }: Props) {
  const { colours, type } = useTheme();
  return (
    <NativeText
      {...rest}
      style={[{ fontFamily: type.family, color: colours[tone] }, type[variant], style]}
    />
  );
}

/**
 * A heading; each screen has one of level 1, which can be given the keyboard when its place is gone.
 * `look` lets a level look like another.
 */
export const Heading = forwardRef<NativeText, HeadingProps>(function Heading(
  { level, look = level, tone = "text", tabIndex = level === 1 ? -1 : undefined, style, ...rest },
  ref,
) {
  const { colours, type } = useTheme();
  const size = look === "display" ? type.display : type[`h${look}`];
  return (
    <NativeText
      ref={ref}
      role="heading"
      {...rest}
      {...onWeb({ "aria-level": level, tabIndex })}
      style={[{ fontFamily: type.family, color: colours[tone], letterSpacing: -0.2 }, size, style]}
    />
  );
});

/** Read by screen readers, seen by nobody. */
export function VisuallyHidden({ children }: { readonly children: ReactNode }) {
  return <NativeText style={styles.hidden}>{children}</NativeText>;
}

const styles = StyleSheet.create({
  hidden: { position: "absolute", width: 1, height: 1, margin: -1, overflow: "hidden", opacity: 0 },
});
