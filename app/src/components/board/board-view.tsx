/** The columns side by side, and the card in the air above them. */

import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import {
  ScrollView,
  StyleSheet,
  View,
  type LayoutChangeEvent,
  type NativeScrollEvent,
  type NativeSyntheticEvent,
} from "react-native";
import { useBoardColumns } from "../../state/hooks";
import { useBoardParts } from "./board-context";
import { ColumnPanel } from "./column";
import { COLUMN_GAP } from "./column-width";
import { DragGhost } from "./drag-ghost";
import { DragSurface } from "./drag-surface";
import { measure, NOWHERE, type Frame } from "./frame";
import { webStyle } from "./web-style";

export function BoardView({
  columnWidth,
  snap,
  adding,
  onAdding,
  onWidth,
}: {
  readonly columnWidth: number;
  /** Scrolling comes to rest at a column. */
  readonly snap: boolean;
  readonly adding: string | null;
  readonly onAdding: (key: string, open: boolean) => void;
  /** Told how much room the columns have. */
  readonly onWidth: (width: number) => void;
}) {
  const { board, drag } = useBoardParts();
  const columns = useBoardColumns(board);
  const area = useRef<View>(null);
  const isHeld = () => drag.held() !== null;
  const held = useSyncExternalStore(drag.subscribe, isHeld, isHeld);
  const frame = useRef<Frame>(NOWHERE);
  const origin = useCallback(() => {
    measure(area.current, (found) => {
      frame.current = found;
    });
    return frame.current;
  }, []);
  const keys = columns.map((column) => column.key);
  const { row, onScroll } = useRow(columnWidth, keys, origin);
  const onLayout = ({ nativeEvent }: LayoutChangeEvent) => onWidth(nativeEvent.layout.width);
  return (
    <View ref={area} style={styles.area} onLayout={onLayout} collapsable={false}>
      <DragSurface drag={drag}>
        <ScrollView
          ref={row}
          horizontal
          onScroll={onScroll}
          scrollEventThrottle={16}
          scrollEnabled={!held}
          snapToInterval={snap ? columnWidth + COLUMN_GAP : undefined}
          decelerationRate={snap ? "fast" : "normal"}
          style={[styles.row, snap && !held && webStyle({ scrollSnapType: "x mandatory" })]}
          contentContainerStyle={styles.columns}
        >
          {columns.map((column, index) => (
            <ColumnPanel
              key={column.key}
              column={column}
              width={columnWidth}
              first={index === 0}
              adding={adding === column.key}
              onAdding={onAdding}
            />
          ))}
        </ScrollView>
      </DragSurface>
      <DragGhost origin={origin} />
    </View>
  );
}

/** Tells the drag of the row of columns, so that it can scroll it. @param origin where the row is */
function useRow(columnWidth: number, keys: readonly string[], origin: () => Frame) {
  const { drag } = useBoardParts();
  const row = useRef<ScrollView>(null);
  const scrolled = useRef(0);
  const order = keys.join("\n");
  useEffect(() => {
    const columns = order.split("\n");
    const content = columns.length * (columnWidth + COLUMN_GAP) + COLUMN_GAP;
    const scrollTo = (x: number) => {
      scrolled.current = x;
      row.current?.scrollTo({ x, animated: false });
    };
    drag.setOrder(columns);
    drag.setRow({
      frame: () => ({ ...origin(), scrolled: scrolled.current, content }),
      scrollTo,
      reveal: (key) => {
        const left = columns.indexOf(key) * (columnWidth + COLUMN_GAP);
        const { width } = origin();
        const right = left + columnWidth + 2 * COLUMN_GAP;
        if (left < scrolled.current) {
          scrollTo(left);
        } else if (width > 0 && right > scrolled.current + width) {
          scrollTo(right - width);
        }
      },
    });
    return () => drag.setRow(null);
  }, [drag, order, columnWidth, origin]);
  const [onScroll] = useState(() => (event: NativeSyntheticEvent<NativeScrollEvent>) => {
    scrolled.current = event.nativeEvent.contentOffset.x;
    drag.scrolled();
  });
  return { row, onScroll };
}

const styles = StyleSheet.create({
  area: { flex: 1, minHeight: 0, overflow: "hidden" },
  row: { flex: 1 },
  columns: {
    gap: COLUMN_GAP,
    paddingHorizontal: COLUMN_GAP,
    paddingBottom: COLUMN_GAP,
    flexGrow: 1,
    justifyContent: "flex-start",
  },
});
