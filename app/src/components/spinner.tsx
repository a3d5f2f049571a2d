/** Something runs; and the grey shapes of what is about to come. */

import { ActivityIndicator, StyleSheet, View, type DimensionValue } from "react-native";
import { radii, useReducedMotion, useTheme } from "../theme";
import { useTexts } from "../utilities/texts";
import { onWeb } from "../utilities/web";
import { Icon } from "./icon";
import type { Tone } from "./text";

/** Turns while something runs; with "reduce motion" it stands still. `label` is read out. */
export function Spinner({
  size = 20,
  tone = "accent",
  label,
}: {
  readonly size?: number;
  readonly tone?: Tone;
  readonly label?: string;
}) {
  const { colours } = useTheme();
  const texts = useTexts();
  const reduced = useReducedMotion();
  return (
    <View accessible role="progressbar" aria-label={label ?? texts.kit.loading}>
      {reduced ? (
        <Icon name="clock" size={size} tone={tone} />
      ) : (
        // A second progress bar, without a name.
        <ActivityIndicator aria-hidden size={size} color={colours[tone]} />
      )}
    </View>
  );
}

/** A grey shape where something is about to appear. Screen readers pass over it: say "loading" once. */
export function Skeleton({
  width = "100%",
  height = 16,
  radius = radii.s,
}: {
  readonly width?: DimensionValue;
  readonly height?: number;
  readonly radius?: number;
}) {
  const { colours } = useTheme();
  return (
    <View
      aria-hidden
      {...onWeb({ dataSet: { pulse: "" } })}
      style={[
        styles.bone,
        { width, height, borderRadius: radius, backgroundColor: colours.pressed },
      ]}
    />
  );
}

const styles = StyleSheet.create({ bone: { opacity: 0.8 } });
