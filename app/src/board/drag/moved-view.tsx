/** A view that follows positions without being rendered for each. */

import { useEffect, useState } from "react";
import { Animated, type ViewProps } from "react-native";

export interface MovedViewProps extends ViewProps {
  /** Calls what it is given with each position, in pixels from where the view is; returns its end. */
  readonly follow: (move: (at: { readonly x: number; readonly y: number }) => void) => () => void;
  /** How it is turned, such as `2deg`. */
  readonly tilt: string;
}

export function MovedView({ follow, tilt, style, ...rest }: MovedViewProps) {
  const [at] = useState(() => new Animated.ValueXY());
  useEffect(() => follow((position) => at.setValue(position)), [follow, at]);
  const transform = [{ translateX: at.x }, { translateY: at.y }, { rotate: tilt }];
  return <Animated.View {...rest} style={[style, { transform }]} />;
}
