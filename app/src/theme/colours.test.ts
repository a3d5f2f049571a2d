/** Proves that every text reads on every surface it may be on, in light and dark. */

import { property, assert as check, string } from "fast-check";
import { dark, light, type Colours } from "./colours";
import { coloursOf, contrast } from "./contrast";

type Role = keyof Colours;

const surfaces: readonly Role[] = ["background", "surface", "raised", "sunken", "hover", "pressed"];

/** Text role → what it is on. */
const texts: readonly (readonly [Role, readonly Role[]])[] = [
  ["text", surfaces],
  ["textMuted", surfaces],
  ["accent", ["background", "surface", "raised", "sunken", "hover"]],
  ["danger", ["background", "surface", "raised", "sunken", "hover"]],
  ["warning", ["background", "surface", "raised", "sunken"]],
  ["success", ["background", "surface", "raised", "sunken"]],
  ["onAccent", ["accent", "accentHover"]],
  ["onDanger", ["danger", "dangerHover"]],
  ["onAccentSoft", ["accentSoft"]],
  ["onDangerSoft", ["dangerSoft"]],
  ["onWarningSoft", ["warningSoft"]],
  ["onSuccessSoft", ["successSoft"]],
  ["onInfoSoft", ["infoSoft"]],
  ["onInverse", ["inverse"]],
  ["onInverseAccent", ["inverse"]],
];

describe.each([
  ["light", light],
  ["dark", dark],
])("in the %s theme", (_, colours) => {
  const pairs = texts.flatMap(([text, on]) => on.map((surface) => [text, surface] as const));

  it.each(pairs)("WCAG 1.4.3: %s reads on %s (4.5:1)", (text, surface) => {
    expect(contrast(colours[text], colours[surface])).toBeGreaterThanOrEqual(4.5);
  });

  it.each(surfaces)("WCAG 1.4.11: edges and the focus ring are seen on %s (3:1)", (surface) => {
    expect(contrast(colours.borderStrong, colours[surface])).toBeGreaterThanOrEqual(3);
    expect(contrast(colours.focus, colours[surface])).toBeGreaterThanOrEqual(3);
  });
});

it("WCAG 1.4.3: an avatar reads for every name (4.5:1)", () => {
  check(
    property(string(), (name) => {
      for (const scheme of ["light", "dark"] as const) {
        const { background, text } = coloursOf(name, scheme);
        expect(contrast(background, text)).toBeGreaterThanOrEqual(4.5);
      }
    }),
  );
});

it("contrast is what WCAG says of its own examples", () => {
  expect(contrast("#ffffff", "#000000")).toBeCloseTo(21, 5);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
});
