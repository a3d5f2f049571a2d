module.exports = {
  preset: "jest-expo",
  testTimeout: 30000,
  testMatch: ["<rootDir>/src/**/*.test.ts", "<rootDir>/src/**/*.test.tsx"],
  // Their own entries are modules of the newer kind, which Jest does not load from node_modules.
  moduleNameMapper: {
    "^marked$": "<rootDir>/node_modules/marked/lib/marked.umd.js",
    "^(d3-[a-z-]+|internmap)$": "<rootDir>/node_modules/$1/dist/$1.js",
  },
  setupFiles: ["react-native-gesture-handler/jestSetup", "<rootDir>/jest.setup.js"],
};
