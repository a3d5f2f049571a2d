/** Takes mouse, pen and finger in browsers, by pointer events on the whole board. */

import { useEffect, useRef, type ReactNode } from "react";
import { StyleSheet, View } from "react-native";
import type { ColumnDrag } from "./column-drag";
import type { DragController } from "./drag-controller";
import { elementOf } from "./frame";
import { PointerInput } from "./pointer-input";
import { useScrollLoop } from "./use-scroll-loop";

export interface DragSurfaceProps {
  readonly drag: DragController;
  readonly columnDrag: ColumnDrag;
  readonly children: ReactNode;
}

export function DragSurface({ drag, columnDrag, children }: DragSurfaceProps) {
  const view = useRef<View>(null);
  useScrollLoop(drag);
  useScrollLoop(columnDrag);
  useEffect(() => {
    const element = elementOf(view.current);
    if (!element) {
      return undefined;
    }
    const input = new PointerInput(element, drag, columnDrag);
    return () => input.end();
  }, [drag, columnDrag]);
  return (
    <View ref={view} style={styles.fill}>
      {children}
    </View>
  );
}

const styles = StyleSheet.create({ fill: { flex: 1 } });
