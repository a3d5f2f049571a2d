const expo = require("eslint-config-expo/flat");

/** Who may import what: what is below knows nothing of what is above it. */
const ROOMS = [
  { target: "./src/theme", from: ["screens", "components", "navigation", "live"] },
  { target: "./src/utilities", from: ["screens", "components", "navigation", "live", "state"] },
  { target: "./src/live", from: ["screens", "components", "navigation"] },
  { target: "./src/state", from: ["screens", "components", "navigation"] },
  { target: "./src/components", from: ["screens"] },
].flatMap(({ target, from }) =>
  // Which language is spoken is a preference, and every text asks for it.
  from.map((room) => ({ target, from: `./src/${room}`, except: ["./preferences.ts"] })),
);

module.exports = [
  ...expo,
  { rules: { "import/no-restricted-paths": ["error", { zones: ROOMS }] } },
  {
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/utilities/keys.ts", "src/**/*.test.*"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector:
            'BinaryExpression[left.property.name="key"][right.value=/^(Enter|Escape|Tab|Arrow.*| )$/], MemberExpression[property.name=/^(isComposing|keyCode)$/]',
          message: "Ask pressedKey (utilities/keys): an input method may have taken the key.",
        },
      ],
    },
  },
  { ignores: ["dist/**", "src/generated/**", ".expo/**"] },
  {
    files: ["**/*.mjs"],
    languageOptions: { globals: { process: "readonly", console: "readonly" } },
  },
];
