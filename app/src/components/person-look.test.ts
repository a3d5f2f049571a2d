import { lookOf, looksOf } from "./person-look";

const apart = (a: number, b: number) => Math.min(Math.abs(a - b), 360 - Math.abs(a - b));

it("of nine people with the same initials each has a colour of their own", () => {
  const names = new Map(
    Array.from({ length: 9 }, (_, nth) => [`ada${nth}`, "Ada Lovelace"] as const),
  );
  const looks = [...looksOf(names).values()];
  expect(new Set(looks.map(({ initials }) => initials))).toEqual(new Set(["AL"]));
  for (const [at, { hue }] of looks.entries()) {
    for (const other of looks.slice(at + 1)) {
      expect(apart(hue, other.hue)).toBeGreaterThanOrEqual(40);
    }
  }
});

it("a look does not depend on who was met first, and is the same at every place", () => {
  const people = [
    ["ada", "Ada Lovelace"],
    ["alan", "Alan Lamb"],
    ["grace", "Grace Hopper"],
  ] as const;
  const names = new Map(people);
  expect(Object.fromEntries(looksOf(names))).toEqual(
    Object.fromEntries(looksOf(new Map(people.toReversed()))),
  );
  expect(lookOf("ada", names)).toBe(lookOf("ada", names));
  expect(lookOf("somebody", names).initials).toBe("SO");
});
