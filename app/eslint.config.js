const expo = require("eslint-config-expo/flat");

/** The folders of `src` from the lowest to the highest: what is below knows nothing of what is above it. */
const LAYERS = [
  "generated",
  "utilities",
  "theme",
  "sync",
  "state",
  "components",
  "navigation",
  "board",
  "screens",
];

const ZONES = LAYERS.flatMap((layer, index) =>
  LAYERS.slice(index + 1).map((above) => ({ target: `./src/${layer}`, from: `./src/${above}` })),
);

/** What the sync engine may know beside itself and the wire types: nothing of a device, a screen or words. */
const BELOW_SYNC = [
  "backoff",
  "elapsed",
  "fingerprint",
  "problem",
  "store",
  "task-list",
  "trace",
  "unique-id",
].map((name) => `./${name}.ts`);

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

const SENT_ONCE = {
  selector: 'ImportSpecifier[imported.name="useMutation"]',
  message: "A second press would send it twice: see state/change.ts.",
};

const RAW_KEY = {
  selector:
    'BinaryExpression[left.property.name="key"][right.value=/^(Enter|Escape|Tab|Arrow.*| )$/], MemberExpression[property.name=/^(isComposing|keyCode)$/]',
  message: "Ask pressedKey (utilities/keys): an input method may have taken the key.",
};

module.exports = [
  ...expo,
  {
    rules: {
      "import/no-restricted-paths": ["error", { zones: ZONES }],
      "no-restricted-syntax": ["error", ...UNHEARD],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/sync/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: "/sync/",
              message:
                "The sync engine is used by what sync/index.ts exports, and by nothing else.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["src/sync/**/*.ts"],
    ignores: ["src/sync/**/*.test.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: "^[^.]|^\\.\\.?(/\\.\\.)*$",
              message:
                "The sync engine imports no package, and not its own index: see sync/ports.ts.",
            },
          ],
        },
      ],
      "import/no-restricted-paths": [
        "error",
        {
          zones: [
            ...ZONES,
            { target: "./src/sync", from: "./src/utilities", except: BELOW_SYNC },
            { target: "./src/sync", from: "./src/theme" },
            { target: "./src/sync", from: "./src/testing" },
          ],
        },
      ],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/utilities/keys.ts", "src/**/*.test.*"],
    rules: { "no-restricted-syntax": ["error", ...UNHEARD, RAW_KEY, SENT_ONCE] },
  },
  {
    files: ["src/state/change.ts"],
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
