/**
 * A board's head above its columns. Where the window leaves the columns too little height (a phone on
 * its side, 400 % zoom), they take the whole of it, and the page scrolls.
 */

import { useState, type ReactNode } from "react";
import { ScrollView, StyleSheet, View, type LayoutChangeEvent } from "react-native";
import { COLUMN_GAP } from "./column-width";
import { spacing } from "../../theme";

/** The least height of the columns, in pixels: a column's head, a card, and the form for a new one. */
const LEAST = 280;

/** A height in pixels as rendered, 0 before, and the setter for it. */
function useHeight(): readonly [number, (event: LayoutChangeEvent) => void] {
  const [height, setHeight] = useState(0);
  return [height, ({ nativeEvent }) => setHeight(nativeEvent.layout.height)];
}

export function BoardScroller({
  top,
  children,
}: {
  readonly top: ReactNode;
  /** The columns, and what is beside them. */
  readonly children: ReactNode;
}) {
  const [room, onRoom] = useHeight();
  const [head, onHead] = useHeight();
  const short = room > 0 && room - head < LEAST;
  return (
    <ScrollView
      onLayout={onRoom}
      alwaysBounceVertical={false}
      keyboardShouldPersistTaps="handled"
      style={styles.all}
      contentContainerStyle={!short && styles.all}
    >
      <View onLayout={onHead} style={styles.top}>
        {top}
      </View>
      <View style={[styles.below, short ? { height: Math.max(room, LEAST) } : styles.all]}>
        {children}
      </View>
    </ScrollView>
  );
}

const styles = StyleSheet.create({
  all: { flex: 1, minHeight: 0 },
  top: { paddingHorizontal: COLUMN_GAP, paddingVertical: spacing.xs, gap: spacing.xs },
  below: { flexDirection: "row" },
});
