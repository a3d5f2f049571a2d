/** The cards of a column: only those near the window are drawn, each at the place it is due. */

import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import {
  ScrollView,
  StyleSheet,
  View,
  type LayoutChangeEvent,
  type NativeScrollEvent,
  type NativeSyntheticEvent,
} from "react-native";
import type { TaskId } from "../../sync";
import { useMotion } from "../../theme";
import { onWeb } from "../../utilities/web";
import { useBoardParts } from "../board-context";
import { Card } from "../card/card";
import { CARD } from "../card/card-metrics";
import { contentHeight, heightAt, visibleRange, type ColumnLayout } from "./column-layout";
import type { DragController } from "../drag/drag-controller";
import { measure, NOWHERE, type Frame } from "../drag/frame";
import { listBar } from "./scroll-bar";
import { webStyle } from "../web-style";

/** How far beyond the window cards are drawn, in pixels: enough for a quick flick. */
const OVERSCAN = 600;

/** Follows the drag as far as it concerns one column. */
function useDragIn(drag: DragController, key: string, ids: readonly TaskId[]) {
  const gap = useSyncExternalStore(
    drag.subscribe,
    () => drag.gapIn(key),
    () => drag.gapIn(key),
  );
  const place = () => {
    const held = drag.held();
    return held ? ids.indexOf(held.id) : -1;
  };
  const heldAt = useSyncExternalStore(drag.subscribe, place, place);
  return { gap, heldAt };
}

/** Tells the drag where this list is and how far it is scrolled. */
function useColumnHandle(
  drag: DragController,
  key: string,
  layout: ColumnLayout,
  order: readonly string[],
) {
  const scroll = useRef<ScrollView>(null);
  const area = useRef<View>(null);
  const frame = useRef<Frame>(NOWHERE);
  const scrolled = useRef(0);
  const latest = useRef(layout);
  useEffect(() => {
    latest.current = layout;
  }, [layout]);
  // A browser forgets how far a list is scrolled that is put elsewhere in the page.
  useLayoutEffect(() => {
    if (scrolled.current > 0) scroll.current?.scrollTo({ y: scrolled.current, animated: false });
  }, [order]);
  useEffect(
    () =>
      drag.register(key, {
        layout: () => latest.current,
        frame: () => {
          measure(area.current, (found) => {
            frame.current = found;
          });
          return { ...frame.current, scrolled: scrolled.current };
        },
        scrollTo: (y) => {
          scrolled.current = y;
          scroll.current?.scrollTo({ y, animated: false });
        },
      }),
    [drag, key],
  );
  const [onScrolled] = useState(() => (top: number) => {
    scrolled.current = top;
    drag.scrolled();
  });
  return { scroll, area, onScrolled };
}

export function CardList({
  columnKey,
  label,
  layout,
  order,
}: {
  readonly columnKey: string;
  /** What screen readers call the list. */
  readonly label: string;
  readonly layout: ColumnLayout;
  /** The keys of all columns, from left to right. */
  readonly order: readonly string[];
}) {
  const { board, drag } = useBoardParts();
  const { gap, heldAt } = useDragIn(drag, columnKey, layout.ids);
  const { scroll, area, onScrolled } = useColumnHandle(drag, columnKey, layout, order);
  const [window, setWindow] = useState({ top: 0, height: 800 });
  const range = visibleRange(layout, window.top, window.height, OVERSCAN);
  const onScroll = useCallback(
    (event: NativeSyntheticEvent<NativeScrollEvent>) => {
      const top = event.nativeEvent.contentOffset.y;
      onScrolled(top);
      // Drawn again only when half of the overscan is used up.
      setWindow((old) => (Math.abs(old.top - top) < OVERSCAN / 2 ? old : { ...old, top }));
    },
    [onScrolled],
  );
  const onLayout = useCallback((event: LayoutChangeEvent) => {
    const { height } = event.nativeEvent.layout;
    setWindow((old) => (old.height === height ? old : { ...old, height }));
  }, []);
  const indexes = useMemo(() => {
    const found: number[] = [];
    for (let index = range.from; index < range.to; index += 1) {
      found.push(index);
    }
    // The card that is held stays, else it would lose the focus.
    if (heldAt >= 0 && (heldAt < range.from || heldAt >= range.to)) {
      found.push(heldAt);
    }
    return found;
  }, [range.from, range.to, heldAt]);
  const heldHeight = heldAt >= 0 ? heightAt(layout, heldAt) : 0;
  const height = contentHeight(layout) - heldHeight + (gap?.height ?? 0);
  return (
    <View ref={area} style={styles.area} onLayout={onLayout} collapsable={false}>
      <ScrollView
        ref={scroll}
        onScroll={onScroll}
        // Each place that it comes to is kept: one left out would be where the next drag begins.
        scrollEventThrottle={1}
        nestedScrollEnabled
        style={[styles.scroll, listBar]}
        showsVerticalScrollIndicator
      >
        <View role="list" aria-label={label} style={{ height }}>
          {indexes.map((index) => {
            const id = layout.ids[index];
            return id === undefined ? null : (
              <Slot
                // What is open on a card stays so when the server names it.
                key={board.firstIdOf(id)}
                id={id}
                place={index + 1}
                count={layout.ids.length}
                top={layout.tops[index] ?? 0}
                height={heightAt(layout, index) - CARD.gap}
                shift={shiftOf(index, heldAt, heldHeight, gap)}
                held={index === heldAt}
                moving={heldAt >= 0 || gap !== null}
              />
            );
          })}
        </View>
      </ScrollView>
    </View>
  );
}

/** How far a card moves aside: up for the one that was taken out, down for the gap. */
function shiftOf(
  index: number,
  heldAt: number,
  heldHeight: number,
  gap: { readonly index: number; readonly height: number } | null,
): number {
  if (index === heldAt) {
    return 0;
  }
  const taken = heldAt >= 0 && index > heldAt;
  const bare = taken ? index - 1 : index;
  return (taken ? -heldHeight : 0) + (gap && bare >= gap.index ? gap.height : 0);
}

function Slot(props: {
  readonly id: TaskId;
  readonly place: number;
  readonly count: number;
  readonly top: number;
  readonly height: number;
  readonly shift: number;
  readonly held: boolean;
  /** A card is in the air over this column: places change by gliding. */
  readonly moving: boolean;
}) {
  const motion = useMotion();
  return (
    <View
      role="listitem"
      {...onWeb({ "aria-posinset": props.place, "aria-setsize": props.count })}
      style={[
        styles.slot,
        {
          top: props.top,
          height: props.height,
          transform: [{ translateY: props.shift }],
          opacity: props.held ? 0 : 1,
        },
        props.moving &&
          webStyle({ transitionProperty: "transform", transitionDuration: `${motion.quick}ms` }),
      ]}
    >
      <Card id={props.id} />
    </View>
  );
}

const styles = StyleSheet.create({
  area: { flex: 1, minHeight: 0 },
  scroll: { flex: 1 },
  slot: { position: "absolute", left: 0, right: 0 },
});
