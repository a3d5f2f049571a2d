/** The card in the air: above every column, at the pointer or in its gap. */

import { useCallback, useSyncExternalStore } from "react";
import { StyleSheet, View } from "react-native";
import { useTask } from "../../state/hooks";
import { radii, useReducedMotion, useTheme } from "../../theme";
import { onWeb } from "../../utilities/web";
import { useBoardParts } from "../board-context";
import { CardFace } from "../card/card-face";
import { CARD } from "../card/card-metrics";
import type { Held } from "./drag-controller";
import type { Frame } from "./frame";
import { MovedView, type MovedViewProps } from "./moved-view";
import { useNow } from "../../components/use-now";

/** @param origin gives where the view is in which the card is drawn */
export function DragGhost({ origin }: { readonly origin: () => Frame }) {
  const { drag } = useBoardParts();
  const held = useSyncExternalStore(drag.subscribe, drag.held, drag.held);
  return held ? <Ghost key={held.id} held={held} origin={origin} /> : null;
}

function Ghost({ held, origin }: { readonly held: Held; readonly origin: () => Frame }) {
  const { board, drag, space } = useBoardParts();
  const task = useTask(board, held.id);
  const { colours, shadows } = useTheme();
  const reduced = useReducedMotion();
  const now = useNow();
  const follow = useCallback<MovedViewProps["follow"]>(
    (move) =>
      drag.onPosition(({ x, y }) => {
        const { left, top } = origin();
        move({ x: x - left, y: y - top });
      }),
    [drag, origin],
  );
  if (!task) {
    return null;
  }
  const tilt = reduced || held.by === "keyboard" ? "0deg" : "2deg";
  return (
    <MovedView
      follow={follow}
      tilt={tilt}
      aria-hidden
      testID="held-card"
      {...onWeb({ dataSet: { held: String(held.id) } })}
      style={[
        styles.ghost,
        shadows.drag,
        {
          width: space.width,
          height: held.height,
          backgroundColor: colours.surface,
          borderColor: colours.accent,
        },
      ]}
    >
      <View style={styles.inside}>
        <CardFace task={task} editing={NOBODY} draft={false} space={space} now={now} />
      </View>
    </MovedView>
  );
}

const NOBODY: readonly string[] = [];

const styles = StyleSheet.create({
  ghost: {
    position: "absolute",
    left: 0,
    top: 0,
    zIndex: 1000,
    borderWidth: 2,
    borderRadius: radii.m,
    pointerEvents: "none",
    overflow: "hidden",
  },
  inside: { paddingHorizontal: CARD.paddingX - 1, paddingVertical: CARD.paddingY - 1 },
});
