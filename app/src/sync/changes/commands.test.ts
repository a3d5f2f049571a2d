/** Guards the way of a task's values into a change and back. */

import {
  assert as check,
  constantFrom,
  dictionary,
  jsonValue,
  oneof,
  property,
  string,
} from "fast-check";
import { aTask } from "../../testing/boards";
import { patchOf, taskValue, valuesOf, withValues } from "./commands";

/** Names that every object of the language knows of itself, too. */
const KNOWN = ["constructor", "__proto__", "toString", "hasOwnProperty"];

test("a custom field may have any name: it is missing before it is created, and has its value after", () => {
  const names = oneof(constantFrom(...KNOWN), string());
  check(
    property(dictionary(names, oneof(string(), jsonValue())), (fields) => {
      const written = Object.entries(fields).filter(([, value]) => value !== null);
      const task = aTask({ id: 1 });
      const values = valuesOf({ fields });
      for (const [name] of written) {
        expect(taskValue(task, `fields/${name}`)).toBeNull();
      }
      const patch = JSON.stringify(patchOf(values));
      for (const [name, value] of written) {
        expect(patch).toContain(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
      }
      const after = withValues(task, values);
      expect(Object.keys(after.fields).sort()).toEqual(written.map(([name]) => name).sort());
    }),
  );
});
