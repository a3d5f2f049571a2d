const expo = require("eslint-config-expo/flat");

/** Who may import what: what is below knows nothing of what is above it. */
const ROOMS = [
  { target: "./src/theme", from: ["screens", "board", "navigation", "components"] },
  {
    target: "./src/utilities",
    from: ["screens", "board", "navigation", "components", "sync", "state"],
  },
  { target: "./src/sync", from: ["screens", "board", "navigation", "components"] },
  { target: "./src/state", from: ["screens", "board", "navigation", "components"] },
  { target: "./src/components", from: ["screens", "board"] },
  { target: "./src/navigation", from: ["screens", "board"] },
  { target: "./src/board", from: ["screens"] },
].flatMap(({ target, from }) =>
  // Which language is spoken is a preference, and every text asks for it.
  from.map((room) => ({ target, from: `./src/${room}`, except: ["./preferences.ts"] })),
);

/** A `Pressable` with this literal role. */
const pressable = (role) =>
  `JSXOpeningElement[name.name="Pressable"]:has(JSXAttribute[name.name="role"][value.value=${role}])`;

const DROPPED =
  "/^(accessibility(Hint|State|Value|ElementsHidden|ViewIsModal)|importantForAccessibility)$/";

/** What React Native for Web keeps from screen readers and the keyboard, without a word. */
const UNHEARD = [
  {
    selector: `JSXAttribute[name.name=${DROPPED}], Property[key.name=${DROPPED}]`,
    message:
      "React Native for Web drops this: use aria-* (also on phones), and `described` for hints.",
  },
  {
    selector: 'JSXOpeningElement[name.name="Image"] > JSXAttribute[name.name="alt"]',
    message: "React Native for Web drops this: use aria-label.",
  },
  {
    selector: 'JSXOpeningElement[name.name="Pressable"] > JSXAttribute[name.name="aria-disabled"]',
    message: "Pressable overwrites this with `disabled`.",
  },
  {
    selector: pressable('"link"'),
    message: "Without an address Enter does not follow it: use `Link` or `linkProps`.",
  },
  {
    selector: `${pressable("/^(radio|checkbox|switch|option|tab|combobox|menuitem.*)$/")}:not(:has(JSXSpreadAttribute CallExpression[callee.name="pressedBySpace"]))`,
    message: "Space presses only buttons: spread `pressedBySpace(onPress)`.",
  },
];

const RAW_KEY = {
  selector:
    'BinaryExpression[left.property.name="key"][right.value=/^(Enter|Escape|Tab|Arrow.*| )$/], MemberExpression[property.name=/^(isComposing|keyCode)$/]',
  message: "Ask pressedKey (utilities/keys): an input method may have taken the key.",
};

module.exports = [
  ...expo,
  {
    rules: {
      "import/no-restricted-paths": ["error", { zones: ROOMS }],
      "no-restricted-syntax": ["error", ...UNHEARD],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/utilities/keys.ts", "src/**/*.test.*"],
    rules: { "no-restricted-syntax": ["error", ...UNHEARD, RAW_KEY] },
  },
  // Holds `described`, which gives phones the hint that browsers have from elsewhere.
  { files: ["src/utilities/web.ts"], rules: { "no-restricted-syntax": ["error", RAW_KEY] } },
  { ignores: ["dist/**", "src/generated/**", ".expo/**"] },
  {
    files: ["**/*.mjs"],
    languageOptions: { globals: { process: "readonly", console: "readonly" } },
  },
];
