/** A screen: the bar above with the app's name and menu, then the content with its heading. */

import { useIsFocused } from "@react-navigation/native";
import { useEffect, useRef, type ReactNode } from "react";
import { Platform, ScrollView, StyleSheet, Text as NativeText, View } from "react-native";
import { useSafeAreaInsets } from "react-native-safe-area-context";
import { AppBar } from "./app-bar";
import { spacing, useLayout, useTheme } from "../theme";
import { useTexts } from "../utilities/texts";
import { isolate } from "../utilities/texts/isolate";
import { onWeb } from "../utilities/web";
import { useMainLandmark } from "../components/main-landmark";
import { Heading } from "../components/text";

export interface ScreenProps {
  /** The heading, and the page's title in the browser. */
  readonly title: string;
  /** The heading is read out but not shown: where the content shows it in its own way. */
  readonly hideTitle?: boolean;
  /** Beside the heading. */
  readonly actions?: ReactNode;
  /** Between the heading and the content, full width: notices. */
  readonly notice?: ReactNode;
  /** `narrow`: forms. `normal`: lists. `full`: the whole width, and the content scrolls itself. */
  readonly width?: "narrow" | "normal" | "full";
  readonly children?: ReactNode;
}

/** Whether any screen has been shown: the first one leaves the keyboard where the browser puts it. */
let shownBefore = false;

function hasFocusWithin(element: unknown): boolean {
  return element instanceof HTMLElement && element.contains(document.activeElement);
}

export function Screen({ title, hideTitle = false, width = "normal", ...rest }: ScreenProps) {
  const { colours } = useTheme();
  const { layout, low } = useLayout();
  const texts = useTexts();
  const insets = useSafeAreaInsets();
  const focused = useIsFocused();
  const main = useMainLandmark(focused);
  const heading = useRef<NativeText>(null);

  useEffect(() => {
    if (focused && Platform.OS === "web")
      document.title = `${isolate(title)} · ${texts.kit.appName}`;
  }, [focused, title, texts]);

  useEffect(() => {
    if (!focused || Platform.OS !== "web") return;
    if (shownBefore && !hasFocusWithin(main.current)) heading.current?.focus();
    shownBefore = true;
  }, [focused, main]);

  const padding = layout === "phone" ? spacing.l : spacing.xl;
  const head = (
    <>
      <View
        style={
          hideTitle ? undefined : [styles.head, width === "full" && { paddingHorizontal: padding }]
        }
      >
        <Heading
          ref={heading}
          level={1}
          look={layout === "phone" ? 2 : 1}
          // A long title would leave no room for what scrolls itself.
          numberOfLines={width === "full" ? (low ? 1 : 2) : undefined}
          style={[styles.grow, width === "full" && styles.short, hideTitle && styles.hidden]}
        >
          {title}
        </Heading>
        {!hideTitle && rest.actions !== undefined && (
          <View style={styles.actions}>{rest.actions}</View>
        )}
      </View>
      {rest.notice}
    </>
  );
  return (
    <View style={[styles.all, { backgroundColor: colours.background }]}>
      <AppBar />
      <View ref={main} style={[styles.all, { paddingBottom: insets.bottom }]}>
        {width === "full" ? (
          <>
            {head}
            <View style={styles.all}>{rest.children}</View>
          </>
        ) : (
          <ScrollView
            style={styles.all}
            keyboardShouldPersistTaps="handled"
            {...onWeb(focused ? { dataSet: { paper: "" } } : {})}
            contentContainerStyle={[styles.page, { padding }]}
          >
            <View style={[styles.column, width === "narrow" ? styles.narrow : styles.normal]}>
              {head}
              {rest.children}
            </View>
          </ScrollView>
        )}
      </View>
    </View>
  );
}

const styles = StyleSheet.create({
  all: { flex: 1 },
  page: { alignItems: "center", flexGrow: 1 },
  column: { width: "100%", gap: spacing.l, flexGrow: 1 },
  narrow: { maxWidth: 460 },
  normal: { maxWidth: 960 },
  head: {
    flexDirection: "row",
    flexWrap: "wrap",
    alignItems: "center",
    gap: spacing.s,
    paddingVertical: spacing.s,
  },
  actions: {
    flexDirection: "row",
    flexWrap: "wrap",
    flexShrink: 1,
    alignItems: "center",
    gap: spacing.s,
  },
  grow: { flexGrow: 1, flexShrink: 1, minWidth: 0 },
  short: { flexBasis: 120 },
  hidden: { position: "absolute", width: 1, height: 1, overflow: "hidden", opacity: 0 },
});
