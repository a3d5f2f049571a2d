/** The look of the app: `useTheme()` for colours and measures, `useLayout()` for the width. */

import { useEffect, useMemo, useState } from "react";
import {
  AccessibilityInfo,
  Platform,
  useColorScheme,
  useWindowDimensions,
  type ViewStyle,
} from "react-native";
import { dark, light, type Colours } from "./colours";
import { useSchemeChoice } from "./scheme";
import { breakpoints, motion, radii, spacing, targets, type } from "./tokens";

export type { Colours } from "./colours";
export { coloursOf, coloursOfHue, hueOf } from "./contrast";
export { breakpoints, motion, radii, spacing, targets, type } from "./tokens";

export type Scheme = "light" | "dark";

export interface Theme {
  readonly scheme: Scheme;
  readonly colours: Colours;
  readonly spacing: typeof spacing;
  readonly radii: typeof radii;
  readonly type: typeof type;
  /** Something lying on the page (`card`), over it (`menu`), or carried by the pointer (`drag`). */
  readonly shadows: {
    readonly card: ViewStyle;
    readonly menu: ViewStyle;
    readonly drag: ViewStyle;
  };
}

function make(scheme: Scheme, colours: Colours): Theme {
  return {
    scheme,
    colours,
    spacing,
    radii,
    type,
    shadows: {
      card: { boxShadow: `0px 1px 2px ${colours.shadow}` },
      menu: { boxShadow: `0px 2px 4px ${colours.shadow}, 0px 8px 24px ${colours.shadow}` },
      drag: { boxShadow: `0px 4px 8px ${colours.shadow}, 0px 16px 40px ${colours.shadow}` },
    },
  };
}

/** Both themes: the same objects for ever, so they may be in dependency lists. */
export const themes: Record<Scheme, Theme> = {
  light: make("light", light),
  dark: make("dark", dark),
};

/** The theme chosen in the profile, or the device's. */
export function useTheme(): Theme {
  const chosen = useSchemeChoice();
  const device = useColorScheme();
  return themes[chosen === "system" ? (device === "dark" ? "dark" : "light") : chosen];
}

/** Makes styles of a theme once, not at each render: `const styles = useStyles(makeStyles)`. */
export function useStyles<Styles>(makeStyles: (theme: Theme) => Styles): Styles {
  const theme = useTheme();
  return useMemo(() => makeStyles(theme), [makeStyles, theme]);
}

/** Whether the user asked the device for less motion; follows while the app runs. */
export function useReducedMotion(): boolean {
  const [reduced, setReduced] = useState(
    () =>
      Platform.OS === "web" &&
      typeof matchMedia === "function" &&
      matchMedia("(prefers-reduced-motion: reduce)").matches,
  );
  useEffect(() => {
    let on = true;
    void AccessibilityInfo.isReduceMotionEnabled().then((value) => on && setReduced(value));
    const subscription = AccessibilityInfo.addEventListener("reduceMotionChanged", setReduced);
    return () => {
      on = false;
      subscription?.remove();
    };
  }, []);
  return reduced;
}

const still: typeof motion = { quick: 0, calm: 0, slow: 0 };

/** Durations in milliseconds; all 0 with "reduce motion". */
export function useMotion(): typeof motion {
  return useReducedMotion() ? still : motion;
}

export type Layout = "phone" | "tablet" | "wide";

/** phone < 600 px ≤ tablet < 1000 px ≤ wide. */
export function layoutOf(width: number): Layout {
  if (width < breakpoints.tablet) return "phone";
  return width < breakpoints.wide ? "tablet" : "wide";
}

/** A window lower than this, in pixels, has no room for what is not scrolled. */
const LOW = 500;

/** What fits into the window now. `touch`: controls are made for fingers. */
export function useLayout(): {
  readonly layout: Layout;
  readonly width: number;
  readonly height: number;
  readonly low: boolean;
  readonly touch: boolean;
} {
  const { width, height } = useWindowDimensions();
  return { layout: layoutOf(width), width, height, low: height < LOW, touch: isTouch };
}

/** Fingers are what this device is mainly used with; a pen or mouse beside them does not count. */
export const isTouch: boolean =
  Platform.OS !== "web" ||
  (typeof matchMedia === "function" && matchMedia("(pointer: coarse)").matches);

/** The smallest height and width of a control here. */
export const target: number = isTouch ? targets.touch : targets.pointer;
