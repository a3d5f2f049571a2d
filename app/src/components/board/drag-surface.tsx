/** Takes fingers on phones: held for 200 ms a card is in the air, before that the list scrolls. */

import { useEffect, useMemo, type ReactNode } from "react";
import { Gesture, GestureDetector, GestureHandlerRootView } from "react-native-gesture-handler";
import { StyleSheet, View } from "react-native";
import { CARD } from "./card-metrics";
import type { DragController } from "./drag-controller";
import { cardAt } from "./hit-test";
import { useScrollLoop } from "./use-scroll-loop";

export interface DragSurfaceProps {
  readonly drag: DragController;
  readonly children: ReactNode;
}

/** How long a finger holds before it lifts, in milliseconds. */
const HOLD_MS = 200;

/**
 * One gesture for the whole board, not one per card: a card that is changed, moved or taken away by
 * somebody else in mid-drag cannot break a gesture that is not its own.
 */
export function DragSurface({ drag, children }: DragSurfaceProps) {
  useScrollLoop(drag);
  useEffect(() => () => drag.cancel(), [drag]);
  const pan = useMemo(
    () =>
      Gesture.Pan()
        .runOnJS(true)
        .activateAfterLongPress(HOLD_MS)
        .onStart(({ absoluteX, absoluteY }) => {
          const point = { x: absoluteX, y: absoluteY };
          const card = cardAt(drag.geometry(), point, CARD.gap);
          if (card) {
            drag.lift(card.id, card.status, point, { x: card.left, y: card.top });
          }
        })
        .onUpdate(({ absoluteX, absoluteY }) => drag.move({ x: absoluteX, y: absoluteY }))
        .onEnd(() => drag.drop())
        .onFinalize(() => drag.cancel()),
    [drag],
  );
  return (
    <GestureHandlerRootView style={styles.fill}>
      <GestureDetector gesture={pan}>
        <View style={styles.fill} collapsable={false}>
          {children}
        </View>
      </GestureDetector>
    </GestureHandlerRootView>
  );
}

const styles = StyleSheet.create({ fill: { flex: 1 } });
