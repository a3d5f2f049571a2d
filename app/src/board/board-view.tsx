/** The columns side by side, and the card in the air above them. */

import {
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type RefObject,
} from "react";
import {
  ScrollView,
  StyleSheet,
  View,
  type LayoutChangeEvent,
  type NativeScrollEvent,
  type NativeSyntheticEvent,
} from "react-native";
import { useBoardColumns } from "../state/hooks";
import { useTexts } from "../utilities/texts";
import { onWeb } from "../utilities/web";
import { useBoardParts } from "./board-context";
import { ColumnPanel } from "./columns/column";
import { AddColumn } from "./columns/add-column";
import { ColumnSlot } from "./columns/column-slot";
import { addColumnWidth, COLUMN_GAP } from "./columns/column-width";
import { DragGhost } from "./drag/drag-ghost";
import { DragSurface } from "./drag/drag-surface";
import { elementOf, measure, NOWHERE, type Frame } from "./drag/frame";
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
  /** Called with the width that the columns have. */
  readonly onWidth: (width: number) => void;
}) {
  const { board, drag, columnDrag, mayArrange } = useBoardParts();
  const columns = useBoardColumns(board);
  const area = useRef<View>(null);
  const isCardHeld = () => drag.held() !== null;
  const isColumnHeld = () => columnDrag.held() !== null;
  const cardHeld = useSyncExternalStore(drag.subscribe, isCardHeld, isCardHeld);
  const columnHeld = useSyncExternalStore(columnDrag.subscribe, isColumnHeld, isColumnHeld);
  const held = cardHeld || columnHeld;
  const frame = useRef<Frame>(NOWHERE);
  const origin = useCallback(() => {
    measure(area.current, (found) => {
      frame.current = found;
    });
    return frame.current;
  }, []);
  const joined = columns.map((column) => column.key).join("\n");
  const order = useMemo(() => joined.split("\n"), [joined]);
  const { row, onScroll } = useRow(columnWidth, order, origin);
  useFocusInView(row);
  const toEnd = useCallback(() => row.current?.scrollToEnd({ animated: false }), [row]);
  const onLayout = ({ nativeEvent }: LayoutChangeEvent) => onWidth(nativeEvent.layout.width);
  return (
    <View ref={area} style={styles.area} onLayout={onLayout} collapsable={false}>
      <DragSurface drag={drag} columnDrag={columnDrag}>
        <ScrollView
          ref={row}
          horizontal
          onScroll={onScroll}
          // Each place that it comes to is kept: one left out would be where the next drag begins.
          scrollEventThrottle={1}
          scrollEnabled={!held}
          // Not by an interval: the end of the row is a place to rest at, too.
          snapToOffsets={snap ? order.map((_, at) => at * (columnWidth + COLUMN_GAP)) : undefined}
          decelerationRate={snap ? "fast" : "normal"}
          style={[styles.row, snap && !held && webStyle({ scrollSnapType: "x mandatory" })]}
          contentContainerStyle={styles.columns}
        >
          {columns.map((column) => (
            <ColumnSlot key={column.key} columnKey={column.key}>
              <ColumnPanel
                column={column}
                width={columnWidth}
                order={order}
                adding={adding === column.key}
                onAdding={onAdding}
              />
            </ColumnSlot>
          ))}
          {mayArrange && (
            <View
              style={[styles.tail, webStyle({ scrollSnapAlign: "end" })]}
              {...onWeb({ dataSet: { slot: "" } })}
            >
              <AddColumn onGrown={toEnd} />
            </View>
          )}
        </ScrollView>
      </DragSurface>
      <DragGhost origin={origin} />
    </View>
  );
}

/** The whole column that the keyboard comes to is brought into view: browsers are content with half of a name. */
function useFocusInView(row: RefObject<ScrollView | null>): void {
  useEffect(() => {
    const scroller = elementOf(row.current?.getScrollableNode());
    const onFocus = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement) || !target.matches(":focus-visible")) return;
      const slot = target.closest("[data-slot]")?.getBoundingClientRect();
      const frame = scroller?.getBoundingClientRect();
      if (slot === undefined || frame === undefined) return;
      const before = slot.left - COLUMN_GAP - frame.left;
      const after = slot.right + COLUMN_GAP - frame.right;
      if (before < 0) scroller?.scrollBy({ left: before });
      else if (after > 0) scroller?.scrollBy({ left: after });
    };
    scroller?.addEventListener("focusin", onFocus);
    return () => scroller?.removeEventListener("focusin", onFocus);
  }, [row]);
}

/** Tells the drag of the row of columns, so that it can scroll it. @param origin where the row is */
function useRow(columnWidth: number, columns: readonly string[], origin: () => Frame) {
  const { drag, columnDrag, mayArrange } = useBoardParts();
  const { addColumn } = useTexts().board;
  const row = useRef<ScrollView>(null);
  const scrolled = useRef(0);
  useEffect(() => {
    const tail = mayArrange ? addColumnWidth(addColumn) + COLUMN_GAP : 0;
    const content = columns.length * (columnWidth + COLUMN_GAP) + COLUMN_GAP + tail;
    const scrollTo = (x: number) => {
      scrolled.current = x;
      row.current?.scrollTo({ x, animated: false });
    };
    const handle = {
      frame: () => ({ ...origin(), scrolled: scrolled.current, content }),
      scrollTo,
      reveal: (key: string) => {
        const left = columns.indexOf(key) * (columnWidth + COLUMN_GAP);
        const { width } = origin();
        const right = left + columnWidth + 2 * COLUMN_GAP;
        if (left < scrolled.current) {
          scrollTo(left);
        } else if (width > 0 && right > scrolled.current + width) {
          scrollTo(right - width);
        }
      },
    };
    drag.setOrder(columns);
    drag.setRow(handle);
    columnDrag.setRow(columns, columnWidth + COLUMN_GAP, handle);
    return () => drag.setRow(null);
  }, [drag, columnDrag, columns, columnWidth, mayArrange, addColumn, origin]);
  const [onScroll] = useState(() => (event: NativeSyntheticEvent<NativeScrollEvent>) => {
    scrolled.current = event.nativeEvent.contentOffset.x;
    drag.scrolled();
  });
  return { row, onScroll };
}

const styles = StyleSheet.create({
  tail: { flexShrink: 0 },
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
