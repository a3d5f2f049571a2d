/** Measures that look the same in light and dark: spacing, corners, type, motion, breakpoints. */

import { Platform } from "react-native";

/** In density-independent pixels, on a grid of 4. */
export const spacing = { none: 0, xxs: 2, xs: 4, s: 8, m: 12, l: 16, xl: 24, xxl: 32, xxxl: 48 };

export const radii = { s: 6, m: 10, l: 16, round: 999 };

/** The smallest target: a finger's on touch (44), a pointer's elsewhere (32; WCAG 2.5.8 asks 24). */
export const targets = { touch: 44, pointer: 32 };

const family = Platform.select({
  web: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif',
  default: undefined,
});
const mono = Platform.select({
  web: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  ios: "Menlo",
  default: "monospace",
});

/** The type scale: size and line height in pixels. */
export const type = {
  family,
  mono,
  caption: { fontSize: 12, lineHeight: 16, fontWeight: "400" },
  small: { fontSize: 14, lineHeight: 20, fontWeight: "400" },
  label: { fontSize: 14, lineHeight: 20, fontWeight: "600" },
  body: { fontSize: 16, lineHeight: 24, fontWeight: "400" },
  strong: { fontSize: 16, lineHeight: 24, fontWeight: "600" },
  h1: { fontSize: 28, lineHeight: 34, fontWeight: "700" },
  h2: { fontSize: 20, lineHeight: 28, fontWeight: "700" },
  h3: { fontSize: 16, lineHeight: 24, fontWeight: "700" },
  display: { fontSize: 40, lineHeight: 46, fontWeight: "800" },
} as const;

/** In milliseconds. With "reduce motion" everything takes 0: ask `useMotion()`. */
export const motion = { quick: 120, calm: 200, slow: 320 };

/** Widths of the window, in pixels, from which on a layout holds. */
export const breakpoints = { tablet: 600, wide: 1000 };
