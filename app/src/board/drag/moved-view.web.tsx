/**
 * A view that follows positions without being rendered for each: its element is moved itself. `Animated`
 * would do the same, and bring every kind of list along.
 */

import { useLayoutEffect, useRef } from "react";
import { View } from "react-native";
import { elementOf } from "./frame";
import type { MovedViewProps } from "./moved-view";

export function MovedView({ follow, tilt, ...rest }: MovedViewProps) {
  const view = useRef<View>(null);
  useLayoutEffect(
    () =>
      follow(({ x, y }) => {
        const element = elementOf(view.current);
        if (element) element.style.transform = `translate(${x}px, ${y}px) rotate(${tilt})`;
      }),
    [follow, tilt],
  );
  return <View ref={view} {...rest} />;
}
