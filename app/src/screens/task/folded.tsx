/** What is long shows its beginning, and the rest on request: what is below it is within reach. */

import { useRef, useState, type ReactNode } from "react";
import { StyleSheet, View } from "react-native";
import { Button } from "../../components";
import { elementOf } from "../../board/drag/frame";
import { spacing, useLayout } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { onWeb } from "../../utilities/web";

/** How much is shown: this share of the window's height, and never less than `LEAST` pixels. */
const SHARE = { phone: 0.3, tablet: 0.4, wide: 0.4 };
const LEAST = 240;
/** Nothing is folded for the sake of a few lines more, in pixels. */
const SLACK = 96;

export function Folded({ children }: { readonly children: ReactNode }) {
  const texts = useTexts().task;
  const { layout, height: window } = useLayout();
  const most = Math.max(LEAST, window * SHARE[layout]);
  const [height, setHeight] = useState(0);
  const [open, setOpen] = useState(false);
  const box = useRef<View>(null);
  const long = height > most + SLACK;
  const folded = long && !open;
  return (
    <View style={styles.all}>
      <View
        ref={box}
        style={folded && { maxHeight: most, overflow: "hidden" }}
        {...onWeb({ onFocus: () => setOpen((is) => is || isBelow(box.current)) })}
      >
        <View onLayout={({ nativeEvent }) => setHeight(nativeEvent.layout.height)}>{children}</View>
      </View>
      {long && (
        <Button
          kind="quiet"
          size="small"
          icon={open ? "up" : "down"}
          label={open ? texts.showLess : texts.showAll}
          expanded={open}
          onPress={() => setOpen(!open)}
          style={styles.toggle}
        />
      )}
    </View>
  );
}

/** Whether what has the keyboard is beyond the bottom edge of `view`, where nobody sees it. */
function isBelow(view: View | null): boolean {
  const box = elementOf(view);
  const held = document.activeElement;
  return (
    box !== null &&
    held !== null &&
    held.getBoundingClientRect().bottom - box.scrollTop > box.getBoundingClientRect().bottom
  );
}

const styles = StyleSheet.create({
  all: { gap: spacing.xs },
  toggle: { alignSelf: "flex-start" },
});
