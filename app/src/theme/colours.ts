/** The colour roles in light and dark: screens name a role, never a colour. */

/** What a colour is for. Every text role holds WCAG AA (4.5:1) on the surfaces named in its comment. */
export interface Colours {
  /** Behind everything. */
  readonly background: string;
  /** Cards, panels, fields. */
  readonly surface: string;
  /** What is above: dialogs, menus, toasts' opposite. */
  readonly raised: string;
  /** What is below: columns, wells, skeletons. */
  readonly sunken: string;
  /** A surface under the pointer. */
  readonly hover: string;
  /** A surface while pressed, or the chosen one of several. */
  readonly pressed: string;
  /** On background, surface, raised, sunken, hover and pressed; so is `textMuted`. */
  readonly text: string;
  readonly textMuted: string;
  /** Lines that divide; they carry no meaning alone. */
  readonly border: string;
  /** Edges of controls: 3:1 against every surface (WCAG 1.4.11). */
  readonly borderStrong: string;
  /** The one accent: fills, and links on background, surface, raised and sunken. */
  readonly accent: string;
  readonly accentHover: string;
  readonly onAccent: string;
  readonly accentSoft: string;
  readonly onAccentSoft: string;
  readonly danger: string;
  readonly dangerHover: string;
  readonly onDanger: string;
  readonly dangerSoft: string;
  readonly onDangerSoft: string;
  readonly warning: string;
  readonly warningSoft: string;
  readonly onWarningSoft: string;
  readonly success: string;
  readonly successSoft: string;
  readonly onSuccessSoft: string;
  readonly infoSoft: string;
  readonly onInfoSoft: string;
  /** The ring around what has the keyboard: 3:1 against every surface. */
  readonly focus: string;
  /** Toasts and tooltips: the page turned over. */
  readonly inverse: string;
  readonly onInverse: string;
  readonly onInverseAccent: string;
  /** What is between a dialog and the page. */
  readonly scrim: string;
  readonly shadow: string;
}

export const light: Colours = {
  background: "#f7f4ef",
  surface: "#ffffff",
  raised: "#ffffff",
  sunken: "#eeeae2",
  hover: "#f1ede6",
  pressed: "#e6e0d6",
  text: "#24211c",
  textMuted: "#5c564d",
  border: "#ded8cd",
  borderStrong: "#857d71",
  accent: "#0b6558",
  accentHover: "#084e44",
  onAccent: "#ffffff",
  accentSoft: "#d9ede8",
  onAccentSoft: "#084e44",
  danger: "#ab2a20",
  dangerHover: "#8b1f17",
  onDanger: "#ffffff",
  dangerSoft: "#fbe5e1",
  onDangerSoft: "#86201a",
  warning: "#7d5200",
  warningSoft: "#faedcd",
  onWarningSoft: "#634100",
  success: "#2a6530",
  successSoft: "#dff0dd",
  onSuccessSoft: "#21522a",
  infoSoft: "#e1eaf6",
  onInfoSoft: "#234a7d",
  focus: "#0b6558",
  inverse: "#2d2924",
  onInverse: "#f7f4ef",
  onInverseAccent: "#7fd8c6",
  scrim: "rgba(36, 33, 28, 0.45)",
  shadow: "rgba(58, 46, 28, 0.16)",
};

export const dark: Colours = {
  background: "#181613",
  surface: "#211e1a",
  raised: "#2a2621",
  sunken: "#1c1a16",
  hover: "#2c2823",
  pressed: "#38332c",
  text: "#f2eee7",
  textMuted: "#b9b2a7",
  border: "#3a352e",
  borderStrong: "#8b8478",
  accent: "#66cdb9",
  accentHover: "#86dccb",
  onAccent: "#06231d",
  accentSoft: "#163a33",
  onAccentSoft: "#a6e5d8",
  danger: "#ff9a8f",
  dangerHover: "#ffb3aa",
  onDanger: "#3a0a06",
  dangerSoft: "#46201c",
  onDangerSoft: "#ffc4bd",
  warning: "#eec063",
  warningSoft: "#40310f",
  onWarningSoft: "#f6d898",
  success: "#8fd494",
  successSoft: "#1e3a21",
  onSuccessSoft: "#b4e6b7",
  infoSoft: "#1f324c",
  onInfoSoft: "#bcd6f7",
  focus: "#86dccb",
  inverse: "#f2eee7",
  onInverse: "#24211c",
  onInverseAccent: "#0b6558",
  scrim: "rgba(0, 0, 0, 0.6)",
  shadow: "rgba(0, 0, 0, 0.5)",
};
