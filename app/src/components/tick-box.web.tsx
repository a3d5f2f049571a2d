/** A box of a task list: the browser's own, which every keyboard and screen reader knows. */

import { useTheme } from "../theme";
import type { TickBoxProps } from "./tick-box";

export function TickBox({ label, checked, onChange }: TickBoxProps) {
  const { colours, scheme } = useTheme();
  return (
    <input
      type="checkbox"
      aria-label={label}
      checked={checked}
      onChange={(event) => onChange(event.target.checked)}
      style={{
        width: 20,
        height: 20,
        margin: 2,
        flexShrink: 0,
        accentColor: colours.accent,
        colorScheme: scheme,
      }}
    />
  );
}
