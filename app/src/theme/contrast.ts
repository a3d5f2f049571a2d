/** Contrast of two colours as WCAG 2.2 reckons it, and the hue that a name is given. */

/** `#rrggbb` → its relative luminance, 0 (black) to 1 (white). */
export function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const value = parseInt(colour.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

/** From 1 (the same) to 21 (black on white). */
export function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

/** The same name has the same hue on every device: 0–359. */
export function hueOf(name: string): number {
  let hash = 7;
  for (const character of name.toLowerCase()) {
    hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  }
  return (hash * 47) % 360;
}

function hex(hue: number, saturation: number, lightness: number): string {
  const chroma = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number) => {
    const k = (offset + hue / 30) % 12;
    const value = lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}

/** A clear colour of a hue, 0–359, and a lightness, 0–1: for what is drawn, not written. */
export function ofHue(hue: number, lightness: number): string {
  return hex(hue, 0.6, lightness);
}

/**
 * A quiet background and a text that reads on it (AA) for this name, in light or dark: for avatars
 * and labels. The text goes darker (or lighter) until the contrast is there, whatever the hue.
 */
export function coloursOf(
  name: string,
  scheme: "light" | "dark",
): { background: string; text: string } {
  return coloursOfHue(hueOf(name), scheme);
}

/** The same of a hue, 0–359. */
export function coloursOfHue(
  hue: number,
  scheme: "light" | "dark",
): { background: string; text: string } {
  const background = scheme === "light" ? hex(hue, 0.5, 0.87) : hex(hue, 0.35, 0.24);
  const step = scheme === "light" ? -0.02 : 0.02;
  let lightness = scheme === "light" ? 0.34 : 0.76;
  let text = hex(hue, 0.6, lightness);
  while (contrast(text, background) < 4.5 && lightness > 0.02 && lightness < 0.98) {
    lightness += step;
    text = hex(hue, 0.6, lightness);
  }
  return { background, text };
}
