/** Guards how typed values become JSON and come back. */

import {
  assert as check,
  boolean,
  double,
  maxSafeInteger,
  oneof,
  property,
  string,
  stringMatching,
} from "fast-check";
import { isScalar, scalarOf, typedOf } from "./free-fields";

it.each<[string, unknown]>([
  ["3", 3],
  ["-1.5", -1.5],
  ["true", true],
  ["false", false],
  ["True", "True"],
  ["007", "007"],
  ["0x10", "0x10"],
  ["12345678901234567890", "12345678901234567890"],
  ["1e+21", 1e21],
  ["1.10", "1.10"],
  ["10.50", "10.50"],
  ["1234e5", "1234e5"],
  ["5E3", "5E3"],
  ["1e-400", "1e-400"],
  ["1e400", "1e400"],
  ["-0", "-0"],
  ["0.12345678901234567890", "0.12345678901234567890"],
  ["NaN", "NaN"],
  ["Infinity", "Infinity"],
  ['"3"', "3"],
  ["null", "null"],
  ["", ""],
  ["by train", "by train"],
])("“%s” is %j", (typed, value) => {
  expect(scalarOf(typed)).toBe(value);
});

it("a value that is shown and saved again is the same value", () => {
  const trimmed = string().map((text) => text.trim());
  const fraction = double({ noNaN: true, noDefaultInfinity: true, noInteger: true });
  const number = oneof(maxSafeInteger(), fraction);
  check(
    property(oneof(trimmed, number, boolean()), (value) => {
      expect(scalarOf(typedOf(value))).toEqual(Object.is(value, -0) ? 0 : value);
    }),
  );
});

it("what is typed is shown as it was typed, whatever it looks like", () => {
  const likeNumber = stringMatching(/^-?\d{1,20}(\.\d{1,20})?([eE][+-]?\d{1,3})?$/);
  check(
    property(likeNumber, (typed) => {
      const again = scalarOf(typed);
      expect(String(again)).toBe(typed);
      expect(scalarOf(typedOf(again))).toBe(again);
    }),
  );
});

it("lists and objects are shown, but not changed as a line", () => {
  expect(typedOf({ a: [1] })).toBe('{"a":[1]}');
  expect([{}, [], null, 1, "a", false].map(isScalar)).toEqual([
    false,
    false,
    false,
    true,
    true,
    true,
  ]);
});
