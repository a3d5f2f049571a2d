/** Guards a board's description: everybody can read all of it, and its lines survive a change. */

import { fireEvent, screen } from "@testing-library/react-native";
import { Button } from "../components";
import { boardParts, renderOnBoard } from "./board-testing";
import { FakeBoard } from "../testing/fake-board";
import { useDescription } from "./board-description";

const LINES = "What grows where.\n\n- roses\n- beans";
const nothing = () => undefined;

/** What the head makes of it, with a button in the menu's place. */
function Head() {
  const { line, below, ask } = useDescription(nothing);
  return (
    <>
      {line}
      {below}
      {ask !== null && <Button label={ask.label} onPress={ask.open} />}
    </>
  );
}

function show(description: string, mayEdit = true) {
  const board = new FakeBoard();
  board.tell({ head: { ...board.head(), description } });
  renderOnBoard(boardParts(board, { mayEdit }), <Head />);
  return board;
}

const press = (name: string) => fireEvent.press(screen.getByRole("button", { name }));

const field = () => screen.getByLabelText("Board description");

it("who may only look reads all of it, and folds it again", () => {
  show(LINES, false);
  press("Board description");
  expect(screen.getByText(LINES).props["numberOfLines"]).toBeUndefined();
  expect(screen.queryByRole("button", { name: "Edit description" })).toBeNull();
  press("Show less");
  expect(screen.queryByText(LINES)).toBeNull();
});

it("its lines survive a change", () => {
  const board = show(LINES);
  press("Board description");
  press("Edit description");
  expect(field()).toHaveDisplayValue(LINES);
  expect(field().props["multiline"]).toBe(true);
  fireEvent.changeText(field(), `${LINES}\n- peas\n`);
  press("Save");
  expect(board.head()?.description).toBe(`${LINES}\n- peas`);
  expect(screen.getByText(`${LINES}\n- peas`)).toBeOnTheScreen();
});

it("a first one is written from the menu; what is cancelled is not saved", () => {
  const board = show("");
  press("Add a description");
  fireEvent.changeText(field(), "Half");
  press("Discard draft");
  expect(screen.queryByLabelText("Board description")).toBeNull();
  expect(board.calls).toEqual([]);
  press("Add a description");
  fireEvent.changeText(field(), "Roses\nBeans");
  press("Save");
  expect(board.calls).toEqual(['changeBoard {"description":"Roses\\nBeans"}']);
  expect(screen.getByText("Roses\nBeans")).toBeOnTheScreen();
});

it("a draft is there again after a reload, and shows what another user wrote", () => {
  const board = show(LINES);
  press("Board description");
  press("Edit description");
  fireEvent.changeText(field(), "Mine\nof two lines");
  screen.unmount();
  show("Theirs");
  expect(field()).toHaveDisplayValue("Mine\nof two lines");
  expect(screen.getByText("Theirs")).toBeOnTheScreen();
  press("Take theirs");
  expect(board.calls).toEqual([]);
});
