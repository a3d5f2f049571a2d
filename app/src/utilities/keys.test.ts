/** Keys that an input method takes are none of ours. */

import { pressedKey } from "./keys";

it("Enter and Escape are the app's, but not while a word is composed, in Safari neither right after it", () => {
  for (const key of ["Enter", "Escape", "Tab", " "]) {
    expect(pressedKey({ key, isComposing: false, keyCode: 13 })).toBe(key);
    expect(pressedKey({ key, isComposing: true, keyCode: 13 })).toBe("");
    expect(pressedKey({ key, isComposing: false, keyCode: 229 })).toBe("");
    expect(pressedKey({ key, nativeEvent: { isComposing: false, keyCode: 229 } })).toBe("");
    expect(pressedKey({ key })).toBe(key);
  }
});
