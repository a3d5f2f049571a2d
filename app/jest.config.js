module.exports = {
  preset: "jest-expo",
  testTimeout: 30000,
  testMatch: ["<rootDir>/src/**/*.test.ts", "<rootDir>/src/**/*.test.tsx"],
  // Its own entry is a module of the newer kind, which Jest does not load from node_modules.
  moduleNameMapper: { "^marked$": "<rootDir>/node_modules/marked/lib/marked.umd.js" },
  setupFiles: ["react-native-gesture-handler/jestSetup", "<rootDir>/jest.setup.js"],
};
