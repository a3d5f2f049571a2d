/** Guards parts that are loaded when they are first shown. */

import { fireEvent, screen } from "@testing-library/react-native";
import { useState } from "react";
import { renderPart } from "../testing/render";
import { Button } from "./button";
import { lazily, lazyDialog } from "./lazily";
import { Text } from "./text";

const Greeting = ({ name }: { readonly name: string }) => <Text>{`Hello ${name}`}</Text>;

it("a part is loaded once, when it is first shown", async () => {
  const load = jest.fn(() => Promise.resolve(Greeting));
  const Part = lazily(load);
  expect(load).not.toHaveBeenCalled();
  const first = renderPart(<Part name="ada" />);
  expect(screen.getByRole("progressbar")).toBeOnTheScreen();
  expect(await screen.findByText("Hello ada")).toBeOnTheScreen();
  first.unmount();
  renderPart(<Part name="grace" />);
  expect(screen.getByText("Hello grace")).toBeOnTheScreen();
  expect(load).toHaveBeenCalledTimes(1);
});

it("a part that cannot be loaded says so, and is there when it is tried again", async () => {
  let network = false;
  const Part = lazily(() =>
    network ? Promise.resolve(Greeting) : Promise.reject(new Error("no")),
  );
  renderPart(<Part name="ada" />);
  expect(await screen.findByText("This part of the app could not be loaded.")).toBeOnTheScreen();
  network = true;
  fireEvent.press(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("Hello ada")).toBeOnTheScreen();
});

it("a dialog that cannot be loaded says so as a dialog, and a new press tries again", async () => {
  let network = false;
  const load = jest.fn(() =>
    network ? Promise.resolve(Greeting) : Promise.reject(new Error("no")),
  );
  const Dialog = lazyDialog<{ readonly name: string; readonly onClose: () => void }>(load);
  function Opener() {
    const [open, setOpen] = useState(false);
    return (
      <>
        <Button label="Greet" onPress={() => setOpen(true)} />
        {open && <Dialog name="ada" onClose={() => setOpen(false)} />}
      </>
    );
  }
  renderPart(<Opener />);
  const press = (name: string) => fireEvent.press(screen.getByRole("button", { name }));
  press("Greet");
  expect(screen.getByRole("heading", { name: "Loading…" })).toBeOnTheScreen();
  const failed = await screen.findByLabelText("This part of the app could not be loaded.");
  expect(failed).toHaveProp("role", "dialog");
  press("Try again");
  await screen.findByRole("button", { name: "Try again" });
  press("Close");
  expect(screen.queryByLabelText("This part of the app could not be loaded.")).toBeNull();
  network = true;
  press("Greet");
  expect(await screen.findByText("Hello ada")).toBeOnTheScreen();
  expect(load).toHaveBeenCalledTimes(3);
});
