/** Lies over a plot and says which place is read: by pointer, finger, arrow keys or screen reader. */

import { StyleSheet, View, type GestureResponderEvent } from "react-native";
import { pressedKey } from "../../utilities/keys";
import { useChartTexts } from "../../utilities/texts/charts";
import { onWeb, useKeyDown } from "../../utilities/web";
import { nearest } from "./geometry";

export function ChartReader({
  title,
  words,
  count,
  at,
  place,
  onRead,
  left,
}: {
  /** Of the chart. */
  readonly title: string;
  /** What is at the place that is read. */
  readonly words: string;
  readonly count: number;
  /** Which place is read, counted from 0. */
  readonly at: number;
  /** Where a place is, in pixels from the left edge of the plot. */
  readonly place: (index: number) => number;
  readonly onRead: (index: number) => void;
  /** Where the plot begins, in pixels. */
  readonly left: number;
}) {
  const texts = useChartTexts();
  const read = (pixel: number) => onRead(nearest(pixel, count, place));
  const touched = ({ nativeEvent }: GestureResponderEvent) => read(nativeEvent.locationX);
  const keys = useKeyDown((event) => {
    const to = {
      ArrowLeft: at - 1,
      ArrowDown: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at + 1,
      Home: 0,
      End: count - 1,
    }[pressedKey(event)];
    if (to === undefined) return;
    event.preventDefault();
    onRead(Math.max(0, Math.min(count - 1, to)));
  });
  return (
    <View
      accessible
      role="slider"
      aria-label={texts.read(title)}
      aria-valuemin={1}
      aria-valuemax={count}
      aria-valuenow={at + 1}
      aria-valuetext={words}
      tabIndex={0}
      accessibilityActions={[{ name: "increment" }, { name: "decrement" }]}
      onAccessibilityAction={({ nativeEvent }) => {
        const step = nativeEvent.actionName === "increment" ? 1 : -1;
        onRead(Math.max(0, Math.min(count - 1, at + step)));
      }}
      onStartShouldSetResponder={() => true}
      onResponderGrant={touched}
      onResponderMove={touched}
      {...onWeb({ onPointerMove: ({ nativeEvent }) => read(nativeEvent.offsetX) })}
      {...keys}
      style={[StyleSheet.absoluteFill, { left }]}
    />
  );
}
