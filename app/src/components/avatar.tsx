/** People and short facts: avatars, chips and badges. */

import { Pressable, StyleSheet, View } from "react-native";
import { useKnownNames, useNameOf } from "../state/names";
import { coloursOf, coloursOfHue, radii, spacing, useTheme } from "../theme";
import { useTexts } from "../utilities/texts";
import { Icon, type IconName } from "./icon";
import { lookOf } from "./person-look";
import { Text, VisuallyHidden } from "./text";

/** Somebody's initials on a colour that is always theirs. `decorative`: the name is beside it. */
export function Avatar({
  name,
  size = 28,
  decorative = false,
}: {
  /** The user name: what they are called is known here. */
  readonly name: string;
  /** In pixels. */
  readonly size?: number;
  readonly decorative?: boolean;
}) {
  const { scheme } = useTheme();
  const nameOf = useNameOf();
  const { initials, hue } = lookOf(
    name,
    useKnownNames(({ names }) => names),
  );
  const { background, text } = coloursOfHue(hue, scheme);
  return (
    <View
      role="img"
      aria-label={decorative ? undefined : nameOf(name)}
      aria-hidden={decorative}
      style={[styles.avatar, { width: size, height: size, backgroundColor: background }]}
    >
      <Text
        variant="label"
        aria-hidden
        style={{ color: text, fontSize: size * 0.4, lineHeight: size * 0.55 }}
      >
        {initials}
      </Text>
    </View>
  );
}

/** A short text with a ground; with `onRemove` a cross. `hue`: its colour goes by this name. */
export function Chip({
  label,
  icon,
  hue,
  selected = false,
  onPress,
  onRemove,
}: {
  readonly label: string;
  readonly icon?: IconName;
  readonly hue?: string;
  readonly selected?: boolean;
  readonly onPress?: () => void;
  readonly onRemove?: () => void;
}) {
  const { colours, scheme } = useTheme();
  const texts = useTexts();
  const own = hue === undefined ? null : coloursOf(hue, scheme);
  const ground = selected ? colours.accentSoft : (own?.background ?? colours.pressed);
  const ink = selected ? colours.onAccentSoft : (own?.text ?? colours.text);
  const content = (
    <>
      {icon !== undefined && (
        <Icon name={icon} size={14} tone={selected ? "onAccentSoft" : "text"} />
      )}
      <Text variant="caption" numberOfLines={1} style={[styles.chipText, { color: ink }]}>
        {label}
      </Text>
    </>
  );
  const look = [
    styles.chip,
    { backgroundColor: ground },
    selected && { borderColor: colours.accent },
  ];
  if (onRemove !== undefined) {
    return (
      <View style={look}>
        {content}
        <Pressable
          role="button"
          aria-label={texts.kit.remove(label)}
          onPress={onRemove}
          hitSlop={10}
          style={styles.cross}
        >
          <Icon name="close" size={14} />
        </Pressable>
      </View>
    );
  }
  if (onPress === undefined) return <View style={look}>{content}</View>;
  return (
    <Pressable
      role="button"
      aria-label={label}
      aria-pressed={selected}
      onPress={onPress}
      hitSlop={6}
      style={look}
    >
      {content}
    </Pressable>
  );
}

export type BadgeTone = "neutral" | "accent" | "info" | "success" | "warning" | "danger";

/** A short state, in words; the colour only underlines it. */
export function Badge({
  label,
  tone = "neutral",
  icon,
  hideLabel = false,
}: {
  readonly label: string;
  readonly tone?: BadgeTone;
  readonly icon?: IconName;
  /** The label is read out but not shown: where there is room for the icon alone. */
  readonly hideLabel?: boolean;
}) {
  const { colours } = useTheme();
  const { ground, ink } = badgeLook[tone];
  return (
    <View style={[styles.badge, { backgroundColor: colours[ground] }]}>
      {icon !== undefined && <Icon name={icon} size={14} tone={ink} />}
      {hideLabel ? (
        <VisuallyHidden>{label}</VisuallyHidden>
      ) : (
        <Text variant="caption" tone={ink} numberOfLines={2} style={styles.chipText}>
          {label}
        </Text>
      )}
    </View>
  );
}

const badgeLook = {
  neutral: { ground: "pressed", ink: "text" },
  accent: { ground: "accentSoft", ink: "onAccentSoft" },
  info: { ground: "infoSoft", ink: "onInfoSoft" },
  success: { ground: "successSoft", ink: "onSuccessSoft" },
  warning: { ground: "warningSoft", ink: "onWarningSoft" },
  danger: { ground: "dangerSoft", ink: "onDangerSoft" },
} as const;

const styles = StyleSheet.create({
  avatar: { borderRadius: radii.round, alignItems: "center", justifyContent: "center" },
  chip: {
    flexDirection: "row",
    alignItems: "center",
    gap: spacing.xs,
    minHeight: 24,
    maxWidth: "100%",
    paddingHorizontal: spacing.s,
    borderRadius: radii.round,
    borderWidth: 1,
    borderColor: "transparent",
  },
  chipText: { fontWeight: "600", flexShrink: 1 },
  cross: {
    width: 24,
    height: 24,
    marginRight: -spacing.xs,
    alignItems: "center",
    justifyContent: "center",
  },
  badge: {
    flexDirection: "row",
    alignItems: "center",
    gap: spacing.xs,
    alignSelf: "flex-start",
    minHeight: 22,
    paddingHorizontal: spacing.s,
    borderRadius: radii.s,
  },
});
