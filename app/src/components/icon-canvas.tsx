/** Draws an icon's shapes with Views: phones need no library for drawings. */

import { StyleSheet, View, type ViewStyle } from "react-native";
import type { Shape } from "./icon-shapes";

export interface CanvasProps {
  readonly shapes: readonly Shape[];
  /** In pixels. */
  readonly size: number;
  readonly colour: string;
  /** On the grid of 24. */
  readonly stroke: number;
}

function styleOf(shape: Shape, unit: number, stroke: number, colour: string): ViewStyle {
  switch (shape[0]) {
    case "line": {
      const [, x1, y1, x2, y2] = shape;
      const length = Math.hypot(x2 - x1, y2 - y1) + stroke;
      return {
        left: ((x1 + x2 - length) / 2) * unit,
        top: ((y1 + y2 - stroke) / 2) * unit,
        width: length * unit,
        height: stroke * unit,
        borderRadius: (stroke * unit) / 2,
        backgroundColor: colour,
        transform: [{ rotate: `${Math.atan2(y2 - y1, x2 - x1)}rad` }],
      };
    }
    case "dot":
    case "ring": {
      const [kind, x, y, r] = shape;
      const radius = kind === "dot" ? r : r + stroke / 2;
      return {
        left: (x - radius) * unit,
        top: (y - radius) * unit,
        width: radius * 2 * unit,
        height: radius * 2 * unit,
        borderRadius: radius * unit,
        ...(kind === "dot"
          ? { backgroundColor: colour }
          : { borderWidth: stroke * unit, borderColor: colour }),
      };
    }
    case "box": {
      const [, x, y, width, height, corner] = shape;
      return {
        left: (x - stroke / 2) * unit,
        top: (y - stroke / 2) * unit,
        width: (width + stroke) * unit,
        height: (height + stroke) * unit,
        borderRadius: (corner + stroke / 2) * unit,
        borderWidth: stroke * unit,
        borderColor: colour,
      };
    }
  }
}

export function IconCanvas({ shapes, size, colour, stroke }: CanvasProps) {
  return (
    <View style={{ width: size, height: size }} aria-hidden>
      {shapes.map((shape, index) => (
        <View
          key={index}
          style={[StyleSheet.absoluteFill, unset, styleOf(shape, size / 24, stroke, colour)]}
        />
      ))}
    </View>
  );
}

const unset: ViewStyle = { right: undefined, bottom: undefined };
