const expo = require("eslint-config-expo/flat");

module.exports = [
  ...expo,
  { ignores: ["dist/**", "src/generated/**", ".expo/**"] },
  {
    files: ["**/*.mjs"],
    languageOptions: { globals: { process: "readonly", console: "readonly" } },
  },
];
