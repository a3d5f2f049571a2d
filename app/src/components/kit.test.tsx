/** What people see and hear of the kit: names, roles, states, errors, and time. */

import { act, fireEvent, screen } from "@testing-library/react-native";
import { assert as check, constantFrom, nat, property, string, array } from "fast-check";
import { useState } from "react";
import { toast, useToasts } from "../state/toasts";
import { renderPart } from "../testing/render";
import {
  Avatar,
  Banner,
  Button,
  Chip,
  ConfirmDialog,
  Dialog,
  IconButton,
  SegmentedControl,
  Select,
  Text,
  TextField,
  Toasts,
  initialsOf,
} from "./index";
import { itemAfterKey } from "./menu";

describe("buttons", () => {
  it("a busy button says so and takes no further press", () => {
    const onPress = jest.fn();
    renderPart(<Button label="Save" busy onPress={onPress} />);
    fireEvent.press(screen.getByRole("button", { name: "Save" }));
    expect(onPress).not.toHaveBeenCalled();
    expect(screen.getByRole("button", { name: "Save" })).toBeBusy();
  });

  it("an icon alone has a name", () => {
    const onPress = jest.fn();
    renderPart(<IconButton icon="trash" label="Remove ada" onPress={onPress} />);
    fireEvent.press(screen.getByRole("button", { name: "Remove ada" }));
    expect(onPress).toHaveBeenCalledTimes(1);
  });
});

describe("fields", () => {
  it("an error is an alert at its field, and read out with it", () => {
    renderPart(<TextField label="Name" value="" onChangeText={() => undefined} error="Empty." />);
    expect(screen.getByRole("alert")).toHaveTextContent("Empty.");
    expect(screen.getByLabelText("Name")).toHaveProp("accessibilityHint", "Empty.");
  });

  it("without an error the hint is read out", () => {
    renderPart(<TextField label="Name" value="" onChangeText={() => undefined} hint="Short." />);
    expect(screen.queryByRole("alert")).toBeNull();
    expect(screen.getByLabelText("Name")).toHaveProp("accessibilityHint", "Short.");
  });

  it("a hidden label is a name anyway", () => {
    renderPart(<TextField label="Search" hideLabel value="" onChangeText={() => undefined} />);
    expect(screen.queryByText("Search")).toBeNull();
    expect(screen.getByLabelText("Search")).toBeOnTheScreen();
  });
});

function Choices() {
  const [fruit, setFruit] = useState<"apple" | "pear">("apple");
  const options = [
    { value: "apple", label: "Apple" },
    { value: "pear", label: "Pear" },
  ] as const;
  return (
    <>
      <SegmentedControl label="Fruit" options={options} value={fruit} onChange={setFruit} />
      <Select label="Fruit again" options={options} value={fruit} onChange={setFruit} />
    </>
  );
}

it("what is chosen says its state", () => {
  renderPart(<Choices />);
  fireEvent.press(screen.getByRole("radio", { name: "Pear" }));
  expect(screen.getByRole("radio", { name: "Pear" })).toBeChecked();
  expect(screen.getByRole("radio", { name: "Apple" })).not.toBeChecked();
  fireEvent.press(screen.getByRole("combobox", { name: "Fruit again" }));
  const apples = screen.getAllByRole("radio", { name: "Apple" });
  fireEvent.press(apples[apples.length - 1] ?? screen.root);
  expect(screen.getByRole("radio", { name: "Apple" })).toBeChecked();
});

describe("dialogs", () => {
  it("a dialog has a title, and closes by its cross", () => {
    const onClose = jest.fn();
    renderPart(
      <Dialog title="New board" onClose={onClose}>
        <Text>Inside</Text>
      </Dialog>,
    );
    expect(screen.getByLabelText("New board")).toBeOnTheScreen();
    expect(screen.getByText("Inside")).toBeOnTheScreen();
    fireEvent.press(screen.getByRole("button", { name: "Close" }));
    expect(onClose).toHaveBeenCalledTimes(1);
  });

  it("a question does only what its verb says", () => {
    const onConfirm = jest.fn();
    const onClose = jest.fn();
    renderPart(
      <ConfirmDialog
        title="Delete it?"
        message="It is gone then."
        confirm="Delete"
        danger
        onConfirm={onConfirm}
        onClose={onClose}
      />,
    );
    fireEvent.press(screen.getByRole("button", { name: "Cancel" }));
    expect(onConfirm).not.toHaveBeenCalled();
    expect(onClose).toHaveBeenCalledTimes(1);
    fireEvent.press(screen.getByRole("button", { name: "Delete" }));
    expect(onConfirm).toHaveBeenCalledTimes(1);
  });
});

describe("menus", () => {
  const labels = ["Rename", "Members", "Archive", "Remove"];

  it("arrows go round, Home and End to the ends", () => {
    expect(itemAfterKey("ArrowDown", 3, labels)).toBe(0);
    expect(itemAfterKey("ArrowUp", 0, labels)).toBe(3);
    expect(itemAfterKey("Home", 2, labels)).toBe(0);
    expect(itemAfterKey("End", 0, labels)).toBe(3);
  });

  it("a letter goes to the next item that begins with it", () => {
    expect(itemAfterKey("r", 0, labels)).toBe(3);
    expect(itemAfterKey("R", 3, labels)).toBe(0);
    expect(itemAfterKey("m", 0, labels)).toBe(1);
    expect(itemAfterKey("x", 0, labels)).toBeNull();
    expect(itemAfterKey(" ", 0, labels)).toBeNull();
    expect(itemAfterKey("Tab", 0, labels)).toBeNull();
  });

  it("no key leads out of a menu, however many items it has", () => {
    const keys = constantFrom("ArrowDown", "ArrowUp", "Home", "End", "a", "Tab");
    check(
      property(array(string()), nat(), keys, (all, at, key) => {
        const next = itemAfterKey(key, all.length === 0 ? 0 : at % all.length, all);
        if (next !== null) expect(all[next]).toBeDefined();
        else if (key !== "a" && key !== "Tab") expect(all).toEqual([]);
      }),
    );
  });
});

describe("toasts", () => {
  beforeEach(() => {
    jest.useFakeTimers();
    useToasts.setState({ toasts: [] });
  });
  afterEach(() => jest.useRealTimers());

  it("a toast disappears after its time, and stays longer if it offers an action", () => {
    renderPart(<Toasts />);
    act(() => {
      toast("Saved");
      toast("Deleted", { action: { label: "Undo", onPress: () => undefined } });
    });
    expect(screen.getByText("Saved")).toBeOnTheScreen();
    act(() => jest.advanceTimersByTime(5_100));
    expect(screen.queryByText("Saved")).toBeNull();
    expect(screen.getByText("Deleted")).toBeOnTheScreen();
    act(() => jest.advanceTimersByTime(5_000));
    expect(screen.queryByText("Deleted")).toBeNull();
  });

  it("what is said once more takes the place of what was said", () => {
    renderPart(<Toasts />);
    act(() => ["Full", "Saved", "Full"].forEach((text) => void toast(text)));
    expect(useToasts.getState().toasts.map(({ text }) => text)).toEqual(["Saved", "Full"]);
  });

  it("a toast's action is done once, and the toast disappears", () => {
    const onPress = jest.fn();
    renderPart(<Toasts />);
    act(() => void toast("Deleted", { action: { label: "Undo", onPress } }));
    fireEvent.press(screen.getByRole("button", { name: "Undo" }));
    expect(onPress).toHaveBeenCalledTimes(1);
    expect(screen.queryByText("Deleted")).toBeNull();
  });

  it("at most three are shown, the newest of all", () => {
    renderPart(<Toasts />);
    act(() => ["one", "two", "three", "four"].forEach((text) => void toast(text)));
    expect(screen.queryByText("one")).toBeNull();
    expect(screen.getByText("four")).toBeOnTheScreen();
    fireEvent.press(screen.getAllByRole("button", { name: "Dismiss" })[0] ?? screen.root);
    expect(screen.queryByText("two")).toBeNull();
  });
});

describe("people and facts", () => {
  it.each([
    ["Ada Lovelace", "AL"],
    ["grace.h", "GH"],
    ["ada", "AD"],
    ["", "?"],
    ["日本 太郎", "日太"],
  ])("the initials of %p are %p", (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });

  it("an avatar alone says whose it is; beside the name it is silent", () => {
    const alone = renderPart(<Avatar name="Ada Lovelace" />);
    expect(screen.getByLabelText("Ada Lovelace")).toBeOnTheScreen();
    alone.unmount();
    renderPart(<Avatar name="Ada Lovelace" decorative />);
    expect(screen.queryByLabelText("Ada Lovelace")).toBeNull();
  });

  it("a chip can be pressed, or removed by name", () => {
    const [onPress, onRemove] = [jest.fn(), jest.fn()];
    renderPart(
      <>
        <Chip label="bug" selected onPress={onPress} />
        <Chip label="urgent" onRemove={onRemove} />
      </>,
    );
    fireEvent.press(screen.getByRole("button", { name: "bug" }));
    fireEvent.press(screen.getByRole("button", { name: "Remove urgent" }));
    expect([onPress, onRemove].map((each) => each.mock.calls.length)).toEqual([1, 1]);
  });

  it("a banner of danger is read out at once, another one politely", () => {
    renderPart(
      <>
        <Banner tone="danger">Away.</Banner>
        <Banner>Back.</Banner>
      </>,
    );
    const said = (how: string) => screen.root.parent?.findAllByProps({ "aria-live": how }) ?? [];
    expect(said("assertive").length).toBeGreaterThan(0);
    expect(said("polite").length).toBeGreaterThan(0);
  });
});
