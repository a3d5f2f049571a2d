/** A part of a task under a heading of its own. */

import { forwardRef, useImperativeHandle, useRef, type ReactNode } from "react";
import { StyleSheet, View, type Text } from "react-native";
import { Heading, type Focusable } from "../../components";
import { spacing, type } from "../../theme";

/** Its `ref` leads the keyboard to the heading: what had it was removed. */
export const TaskSection = forwardRef<
  Focusable,
  {
    readonly title: string;
    /** `label`: as small as the names of fields, among which it is. */
    readonly look?: "heading" | "label";
    readonly children: ReactNode;
  }
>(function TaskSection({ title, look = "heading", children }, ref) {
  const heading = useRef<Text>(null);
  useImperativeHandle(ref, () => ({ focus: () => heading.current?.focus() }));
  return (
    <View style={styles.all}>
      <Heading
        ref={heading}
        level={2}
        look={3}
        tabIndex={-1}
        style={[styles.heading, look === "label" && type.label]}
      >
        {title}
      </Heading>
      {children}
    </View>
  );
});

const styles = StyleSheet.create({
  all: { gap: spacing.s },
  heading: { alignSelf: "flex-start" },
});
