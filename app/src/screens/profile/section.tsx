/** A part of the profile under its heading. */

import type { ReactNode } from "react";
import { StyleSheet, View } from "react-native";
import { Heading } from "../../components";
import { radii, spacing, useTheme } from "../../theme";

export function Section({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}) {
  const { colours } = useTheme();
  return (
    <View
      style={[styles.section, { backgroundColor: colours.surface, borderColor: colours.border }]}
    >
      <Heading level={2} tabIndex={-1}>
        {title}
      </Heading>
      {children}
    </View>
  );
}

const styles = StyleSheet.create({
  section: { gap: spacing.l, padding: spacing.l, borderWidth: 1, borderRadius: radii.l },
});
