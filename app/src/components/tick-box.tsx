/** A box of a task list. (On the web it is the browser's own.) */

import { Pressable, StyleSheet } from "react-native";
import { radii, useTheme } from "../theme";
import { pressedBySpace } from "../utilities/web";
import { Icon } from "./icon";

export interface TickBoxProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function TickBox({ label, checked, onChange }: TickBoxProps) {
  const { colours } = useTheme();
  return (
    <Pressable
      role="checkbox"
      aria-label={label}
      aria-checked={checked}
      hitSlop={10}
      onPress={() => onChange(!checked)}
      {...pressedBySpace(() => onChange(!checked))}
      style={[styles.box, { borderColor: colours.borderStrong, backgroundColor: colours.surface }]}
    >
      {checked && <Icon name="check" size={18} tone="accent" />}
    </Pressable>
  );
}

const styles = StyleSheet.create({
  box: {
    width: 24,
    height: 24,
    alignItems: "center",
    justifyContent: "center",
    borderWidth: 1,
    borderRadius: radii.s,
  },
});
