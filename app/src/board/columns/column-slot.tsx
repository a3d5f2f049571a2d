/** Where a column is in the row, or beside it while columns change places. */

import { useSyncExternalStore, type ReactNode } from "react";
import { StyleSheet, View } from "react-native";
import { useMotion } from "../../theme";
import { onWeb } from "../../utilities/web";
import { useBoardParts } from "../board-context";
import { webStyle } from "../web-style";

export function ColumnSlot({
  columnKey,
  children,
}: {
  readonly columnKey: string;
  readonly children: ReactNode;
}) {
  const { columnDrag } = useBoardParts();
  const motion = useMotion();
  const shift = () => columnDrag.shiftOf(columnKey);
  const x = useSyncExternalStore(columnDrag.subscribe, shift, shift);
  const how = () => {
    const held = columnDrag.held();
    return held === null ? "still" : held.key === columnKey ? held.by : "aside";
  };
  const moving = useSyncExternalStore(columnDrag.subscribe, how, how);
  const held = moving === "pointer" || moving === "keyboard";
  return (
    <View
      {...onWeb({ dataSet: { slot: "" } })}
      style={[
        styles.slot,
        // None at rest: within a transformed view nothing can be fixed to the window.
        moving !== "still" && { transform: [{ translateX: x }] },
        held && styles.held,
        (moving === "aside" || moving === "keyboard") &&
          webStyle({ transitionProperty: "transform", transitionDuration: `${motion.calm}ms` }),
      ]}
    >
      {children}
    </View>
  );
}

const styles = StyleSheet.create({
  slot: { flexDirection: "row", minHeight: 0 },
  held: { zIndex: 1, opacity: 0.85 },
});
