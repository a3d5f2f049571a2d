/** An icon: decoration beside a text or in a control that has a name of its own. */

import { memo } from "react";
import { useTheme } from "../theme";
import { IconCanvas } from "./icon-canvas";
import { icons, type IconName } from "./icon-shapes";
import type { Tone } from "./text";

export type { IconName } from "./icon-shapes";

export const Icon = memo(function Icon({
  name,
  size = 20,
  tone = "text",
}: {
  readonly name: IconName;
  readonly size?: number;
  readonly tone?: Tone;
}) {
  const { colours } = useTheme();
  return <IconCanvas shapes={icons[name]} size={size} colour={colours[tone]} stroke={1.8} />;
});
