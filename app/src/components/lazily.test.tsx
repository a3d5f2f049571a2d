/** Guards parts that are loaded when they are first shown. */

import { fireEvent, screen } from "@testing-library/react-native";
import { renderPart } from "../testing/render";
import { lazily } from "./lazily";
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
