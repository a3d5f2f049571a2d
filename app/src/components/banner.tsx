/** A message that stays on its screen for as long as it is true; and what empty places say. */

import type { ReactNode } from "react";
import { StyleSheet, View } from "react-native";
import { radii, spacing, useTheme } from "../theme";
import { Icon, type IconName } from "./icon";
import { Heading, Text } from "./text";

export type BannerTone = "info" | "success" | "warning" | "danger";

const looks = {
  info: { ground: "infoSoft", ink: "onInfoSoft", icon: "info" },
  success: { ground: "successSoft", ink: "onSuccessSoft", icon: "check" },
  warning: { ground: "warningSoft", ink: "onWarningSoft", icon: "warning" },
  danger: { ground: "dangerSoft", ink: "onDangerSoft", icon: "warning" },
} as const;

/** `danger` is read out at once, the others when the screen reader is free. */
export function Banner({
  tone = "info",
  title,
  children,
  icon,
  actions,
  ticking = false,
}: {
  readonly tone?: BannerTone;
  readonly title?: string;
  readonly children?: ReactNode;
  readonly icon?: IconName;
  readonly actions?: ReactNode;
  /** Its words change by the clock: they are read out once, not each second. */
  readonly ticking?: boolean;
}) {
  const { colours } = useTheme();
  const look = looks[tone];
  return (
    <View
      role={tone === "danger" ? "alert" : "status"}
      aria-live={tone === "danger" ? "assertive" : "polite"}
      style={[styles.banner, { backgroundColor: colours[look.ground] }]}
    >
      <Icon name={icon ?? look.icon} tone={look.ink} />
      <View style={styles.words}>
        {title !== undefined && (
          <Text variant="label" tone={look.ink}>
            {title}
          </Text>
        )}
        {typeof children === "string" ? (
          <Text variant="small" tone={look.ink} aria-live={ticking ? "off" : undefined}>
            {children}
          </Text>
        ) : (
          children
        )}
        {actions !== undefined && <View style={styles.actions}>{actions}</View>}
      </View>
    </View>
  );
}

/** What an empty place says: what belongs here, and how it gets there. */
export function EmptyState({
  icon,
  title,
  children,
  actions,
  level = 2,
}: {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly level?: 2 | 3;
}) {
  const { colours } = useTheme();
  return (
    <View style={styles.empty}>
      <View style={[styles.disc, { backgroundColor: colours.accentSoft }]}>
        <Icon name={icon} size={32} tone="onAccentSoft" />
      </View>
      <Heading level={level} look={2} style={styles.centre}>
        {title}
      </Heading>
      {typeof children === "string" ? (
        <Text tone="textMuted" style={styles.centre}>
          {children}
        </Text>
      ) : (
        children
      )}
      {actions !== undefined && <View style={styles.actions}>{actions}</View>}
    </View>
  );
}

const styles = StyleSheet.create({
  banner: {
    flexDirection: "row",
    gap: spacing.m,
    padding: spacing.m,
    paddingHorizontal: spacing.l,
    borderRadius: radii.m,
  },
  words: { flex: 1, gap: spacing.xs },
  actions: { flexDirection: "row", flexWrap: "wrap", gap: spacing.s, paddingTop: spacing.xs },
  empty: {
    alignItems: "center",
    gap: spacing.m,
    padding: spacing.xl,
    maxWidth: 480,
    alignSelf: "center",
  },
  disc: {
    width: 64,
    height: 64,
    borderRadius: radii.round,
    alignItems: "center",
    justifyContent: "center",
  },
  centre: { textAlign: "center" },
});
