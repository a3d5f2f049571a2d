module.exports = {
  preset: "jest-expo",
  testTimeout: 30000,
  testMatch: ["<rootDir>/src/**/*.test.ts", "<rootDir>/src/**/*.test.tsx"],
  setupFiles: ["react-native-gesture-handler/jestSetup", "<rootDir>/jest.setup.js"],
};
