/** The frame of a task: beside the board where there is room, over the whole screen on phones. */

import { useIsFocused } from "@react-navigation/native";
import { useEffect, useRef, type ReactNode } from "react";
import { Platform, Pressable, ScrollView, StyleSheet, View } from "react-native";
import { useSafeAreaInsets } from "react-native-safe-area-context";
import { IconButton, useShortcuts, type Shortcut } from "../../components";
import { elementOf } from "../../board/drag/frame";
import { webStyle } from "../../board/web-style";
import { useMainLandmark } from "../../components/main-landmark";
import { goBack } from "../../navigation/open";
import { spacing, useLayout, useTheme } from "../../theme";
import { useEscape } from "../../utilities/escape";
import { useTexts } from "../../utilities/texts";
import { isolate } from "../../utilities/texts/isolate";
import { onWeb } from "../../utilities/web";

/** How wide it is beside the board, in pixels: in a wide window what belongs to the task is beside its text. */
const WIDTH = { tablet: 600, wide: 880 };

/** What may be over the bottom of what is scrolled, in pixels: what is typed is scrolled to above it. */
const OVER_BOTTOM = 80;

export function TaskPanel({
  title,
  head,
  shortcuts = [],
  notice,
  children,
}: {
  /** The task's title: names the panel, and the page in the browser. */
  readonly title: string;
  /** Beside the button that closes. */
  readonly head?: ReactNode;
  /** More keys than those of every task. */
  readonly shortcuts?: readonly Shortcut[];
  /** Below the head, wherever what follows is scrolled to; in a low window it is scrolled as well. */
  readonly notice?: ReactNode;
  readonly children: ReactNode;
}) {
  const { colours, shadows } = useTheme();
  const texts = useTexts();
  const { layout, low } = useLayout();
  const insets = useSafeAreaInsets();
  const panel = useRef<View>(null);
  const inView = useIsFocused();
  const main = useMainLandmark(inView);
  const phone = layout === "phone";
  useEffect(() => {
    if (inView && Platform.OS === "web") {
      document.title = `${isolate(title)} · ${texts.kit.appName}`;
    }
  }, [inView, title, texts]);
  useEffect(() => {
    const element = elementOf(panel.current);
    if (inView && element && !element.contains(document.activeElement)) {
      element.focus({ preventScroll: true });
    }
  }, [inView]);
  // What had the keyboard may go with what others do: a viewer has no editors.
  useEffect(() => {
    if (inView && Platform.OS === "web" && document.activeElement === document.body) {
      elementOf(panel.current)?.focus({ preventScroll: true });
    }
  });
  useShortcuts(
    {
      title: texts.task.keysTitle,
      shortcuts: [
        { keys: "Control+Enter", label: texts.task.saveWritten },
        { keys: "Escape", label: texts.task.close },
        ...shortcuts,
      ],
    },
    inView,
  );
  useEscape(inView, goBack);
  return (
    <View ref={main} style={styles.all}>
      {!phone && (
        <Pressable
          aria-hidden
          tabIndex={-1}
          onPress={goBack}
          style={[StyleSheet.absoluteFill, { backgroundColor: colours.scrim }]}
        />
      )}
      <View
        ref={panel}
        role="dialog"
        aria-label={texts.task.dialog(title)}
        {...onWeb({ tabIndex: -1, dataSet: { enter: "panel" } })}
        style={[
          styles.panel,
          { backgroundColor: colours.background, paddingTop: insets.top },
          shadows.menu,
          webStyle({ outlineStyle: "none" }),
          layout === "phone" ? styles.full : { width: WIDTH[layout], maxWidth: "92%" },
        ]}
      >
        <View style={[styles.head, { borderBottomColor: colours.border }]}>
          <View style={styles.grow}>{head}</View>
          <IconButton icon="close" label={texts.task.close} onPress={goBack} />
        </View>
        {!low && notice}
        <ScrollView
          style={[styles.scroll, !low && webStyle({ scrollPaddingBottom: OVER_BOTTOM })]}
          contentContainerStyle={[styles.body, { paddingBottom: insets.bottom + spacing.xxxl }]}
          keyboardShouldPersistTaps="handled"
        >
          {low && notice}
          {children}
        </ScrollView>
      </View>
    </View>
  );
}

const styles = StyleSheet.create({
  all: { flex: 1, flexDirection: "row", justifyContent: "flex-end" },
  panel: { flexShrink: 1 },
  full: { flex: 1 },
  head: {
    flexDirection: "row",
    alignItems: "center",
    gap: spacing.s,
    minHeight: 52,
    paddingHorizontal: spacing.l,
    borderBottomWidth: 1,
  },
  scroll: { flex: 1 },
  body: { padding: spacing.l, gap: spacing.xl },
  grow: { flex: 1 },
});
