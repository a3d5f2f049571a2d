/** The browser's own range, which every keyboard and screen reader knows. */

import { target, useTheme } from "../../theme";
import type { SliderProps } from "./slider";

export function Slider({ label, min, max, value, valueText, onValue }: SliderProps) {
  const { colours, scheme } = useTheme();
  return (
    <input
      type="range"
      aria-label={label}
      aria-valuetext={valueText}
      min={min}
      max={max}
      step={1}
      value={value}
      onChange={({ currentTarget }) => onValue(Number(currentTarget.value))}
      style={{
        width: "100%",
        minHeight: target,
        margin: 0,
        accentColor: colours.accent,
        colorScheme: scheme,
      }}
    />
  );
}
