/** Takes fingers on phones: held for 200 ms a card is in the air, before that the list scrolls. */

import { useEffect, useMemo, type ReactNode } from "react";
import { Gesture, GestureDetector, GestureHandlerRootView } from "react-native-gesture-handler";
import { StyleSheet, View } from "react-native";
import { CARD } from "../card/card-metrics";
import type { ColumnDrag } from "./column-drag";
import type { DragController } from "./drag-controller";
import { cardAt, headAt } from "./hit-test";
import { useScrollLoop } from "./use-scroll-loop";

export interface DragSurfaceProps {
  readonly drag: DragController;
  readonly columnDrag: ColumnDrag;
  readonly children: ReactNode;
}

/** How long a finger holds before it lifts, in milliseconds. */
const HOLD_MS = 200;

/**
 * One gesture for the whole board, not one per card: a card that is changed, moved or taken away by
 * somebody else in mid-drag cannot break a gesture that is not its own.
 */
export function DragSurface({ drag, columnDrag, children }: DragSurfaceProps) {
  useScrollLoop(drag);
  useScrollLoop(columnDrag);
  useEffect(() => () => drag.cancel(), [drag]);
  useEffect(() => () => columnDrag.cancel(), [columnDrag]);
  const pan = useMemo(
    () =>
      Gesture.Pan()
        .runOnJS(true)
        .activateAfterLongPress(HOLD_MS)
        .onStart(({ absoluteX, absoluteY }) => {
          const point = { x: absoluteX, y: absoluteY };
          const columns = drag.geometry();
          const card = cardAt(columns, point, CARD.gap);
          const head = card ? null : headAt(columns, point);
          if (card) {
            drag.lift(card.id, card.status, point, { x: card.left, y: card.top });
          } else if (head !== null) {
            columnDrag.lift(head, point);
          }
        })
        .onUpdate(({ absoluteX, absoluteY }) => {
          const point = { x: absoluteX, y: absoluteY };
          drag.move(point);
          columnDrag.move(point);
        })
        .onEnd(() => {
          drag.drop();
          columnDrag.drop();
        })
        .onFinalize(() => {
          drag.cancel();
          columnDrag.cancel();
        }),
    [drag, columnDrag],
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
