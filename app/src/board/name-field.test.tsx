/** Guards names that are changed in place. */

import { act, fireEvent, screen } from "@testing-library/react-native";
import { useState } from "react";
import { renderOnStage } from "./board-testing";
import { NameField } from "./name-field";

const draft = { address: { mode: "teams", id: 7 }, task: null, field: "name" } as const;

function show(given: { required?: boolean; editable?: boolean } = {}) {
  const saved: string[] = [];
  renderOnStage(
    <NameField
      look="title"
      value="Trip"
      label="Board name"
      action="Rename board"
      editable
      maxLength={100}
      draft={draft}
      onChange={(value) => saved.push(value)}
      {...given}
    />,
  );
  return saved;
}

function write(text: string) {
  fireEvent.press(screen.getByRole("button", { name: "Rename board" }));
  fireEvent.changeText(screen.getByLabelText("Board name"), text);
}

it("Enter saves, once, though the field is left as well", () => {
  const saved = show();
  write(" Journey ");
  const field = screen.getByLabelText("Board name");
  fireEvent(field, "submitEditing");
  fireEvent(field, "blur");
  expect(saved).toEqual(["Journey"]);
});

it("leaving the field saves, but not what is empty or as it was", () => {
  const saved = show();
  for (const text of ["", "\u200b", "Trip"]) {
    write(text);
    fireEvent(screen.getByLabelText("Board name"), "blur");
  }
  expect(saved).toEqual([]);
  write("Journey");
  fireEvent(screen.getByLabelText("Board name"), "blur");
  expect(saved).toEqual(["Journey"]);
});

it("what another user wrote in the meantime is not undone, and a change says what it was based on", () => {
  const saved: [string, string][] = [];
  let others: (value: string) => void = () => undefined;
  function Shared() {
    const [value, setValue] = useState("Trip");
    others = setValue;
    return (
      <NameField
        look="title"
        value={value}
        label="Board name"
        action="Rename board"
        editable
        maxLength={100}
        draft={draft}
        onChange={(name, begunOn) => saved.push([name, begunOn])}
      />
    );
  }
  renderOnStage(<Shared />);
  fireEvent.press(screen.getByRole("button", { name: "Rename board" }));
  act(() => others("Theirs"));
  fireEvent(screen.getByLabelText("Board name"), "blur");
  expect(saved).toEqual([]);
  write("Mine");
  act(() => others("Theirs again"));
  fireEvent(screen.getByLabelText("Board name"), "blur");
  expect(saved).toEqual([["Mine", "Theirs"]]);
});

it("who may not change it reads it", () => {
  show({ editable: false });
  expect(screen.getByText("Trip")).toBeOnTheScreen();
  expect(screen.queryByRole("button")).toBeNull();
});

it("what is typed survives a reload: it is there again, and says that it is not saved", () => {
  const field = () => screen.getByLabelText("Board name");
  const saved = show();
  write("Journ");
  screen.unmount();
  show();
  expect(field()).toHaveDisplayValue("Journ");
  expect(screen.getByText("Not saved yet: Enter saves it, Escape discards it.")).toBeOnTheScreen();
  // Typed back to what was there, it stays open.
  fireEvent.changeText(field(), "Trip");
  fireEvent.changeText(field(), "Trips");
  fireEvent(field(), "blur");
  expect(screen.getByRole("button", { name: "Rename board" })).toBeOnTheScreen();
  expect(saved).toEqual([]);
});

it("a name that is too long is reported, and is not saved on leaving the field", () => {
  const saved = show();
  write("x".repeat(101));
  fireEvent(screen.getByLabelText("Board name"), "blur");
  expect(screen.getByText("At most 100 characters; this has 101.")).toBeOnTheScreen();
  expect(saved).toEqual([]);
  fireEvent.changeText(screen.getByLabelText("Board name"), "Trip");
  fireEvent(screen.getByLabelText("Board name"), "blur");
});
