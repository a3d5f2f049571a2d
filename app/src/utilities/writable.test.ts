/** Guards that pasted text is not rejected for invisible characters. */

import { assert as check, property, string } from "fast-check";
import { writable } from "./writable";

it("one line has spaces where a sheet has tabs and a text its breaks", () => {
  expect(writable("a\tb\r\nc\u000bd\u0000e", true)).toBe("a b c d e");
  expect(writable(" as it is · 日本 👩‍👧 ", true)).toBe(" as it is · 日本 👩‍👧 ");
  expect(writable("\u202ezero\u200bwidth\u2028more", true)).toBe("zerowidth more");
  expect(writable("\u202ezero\u200bwidth\u2028more", false)).toBe(
    "\u202ezero\u200bwidth\u2028more",
  );
});

it("a text keeps its tabs and lines, and what else breaks a line does so there, too", () => {
  expect(writable("a\tb\r\nc\rd\u000be\u000cf\u0085g\n\nh", false)).toBe(
    "a\tb\nc\nd\ne\nf\ng\n\nh",
  );
  expect(writable("a\u0000b\u0007c\u001b[0m\u007f", false)).toBe("abc[0m");
});

it("nothing is left that the server refuses, and what it takes stays", () => {
  check(
    property(string({ unit: "binary" }), (text) => {
      expect(writable(text, true)).not.toMatch(/\p{Cc}/u);
      expect(writable(text, false).replace(/[\t\n]/g, "")).not.toMatch(/\p{Cc}/u);
      const plain = text.replace(/\p{Cc}/gu, "");
      expect(writable(plain, false)).toBe(plain);
      const seen = plain.replace(
        /[\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb]/gu,
        "",
      );
      expect(writable(seen, true)).toBe(seen);
    }),
  );
});
