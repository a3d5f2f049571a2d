/** One of many values in a row. (On the web it is the browser's own range.) */

import { useState } from "react";
import { StyleSheet, View, type AccessibilityActionEvent } from "react-native";
import { radii, target, useTheme } from "../../theme";

export interface SliderProps {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
  /** The value in words, which a screen reader says instead of the number. */
  readonly valueText: string;
  readonly onValue: (value: number) => void;
}

/** In pixels. */
const THUMB = 24;

export function Slider({ label, min, max, value, valueText, onValue }: SliderProps) {
  const { colours } = useTheme();
  const [width, setWidth] = useState(0);
  const room = Math.max(1, width - THUMB);
  const share = max > min ? (value - min) / (max - min) : 1;
  const set = (next: number) => onValue(Math.min(Math.max(Math.round(next), min), max));
  const setAt = (x: number) => set(min + ((x - THUMB / 2) / room) * (max - min));
  const act = ({ nativeEvent: { actionName } }: AccessibilityActionEvent) =>
    set(actionName === "increment" ? value + 1 : value - 1);
  return (
    <View
      accessible
      role="slider"
      aria-label={label}
      aria-valuemin={min}
      aria-valuemax={max}
      aria-valuenow={value}
      aria-valuetext={valueText}
      accessibilityActions={[{ name: "increment" }, { name: "decrement" }]}
      onAccessibilityAction={act}
      onLayout={({ nativeEvent }) => setWidth(nativeEvent.layout.width)}
      onStartShouldSetResponder={() => true}
      onMoveShouldSetResponder={() => true}
      onResponderTerminationRequest={() => false}
      onResponderGrant={({ nativeEvent }) => setAt(nativeEvent.locationX)}
      onResponderMove={({ nativeEvent }) => setAt(nativeEvent.locationX)}
      style={styles.all}
    >
      <View pointerEvents="none" style={[styles.line, { backgroundColor: colours.borderStrong }]} />
      <View
        pointerEvents="none"
        style={[styles.thumb, { left: share * room, backgroundColor: colours.accent }]}
      />
    </View>
  );
}

const styles = StyleSheet.create({
  all: { minHeight: target, justifyContent: "center", alignSelf: "stretch" },
  line: { height: 4, borderRadius: radii.round },
  thumb: { position: "absolute", width: THUMB, height: THUMB, borderRadius: radii.round },
});
