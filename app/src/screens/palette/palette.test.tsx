/** The command palette: what it finds, in which order, and that choosing does it. */

import { act, fireEvent, screen, waitFor } from "@testing-library/react-native";
import { navigation } from "../../navigation/open";
import { openPalette } from "../../navigation/palette-open";
import { useSession } from "../../state/session";
import { fakeApi, user } from "../../testing/fake-api";
import { renderScreen } from "../../testing/render";
import { useShortcuts } from "../../utilities/shortcuts";
import { type Entry, found } from "./entries";
import { Palette } from "./palette";

const entry = (group: Entry["group"], label: string, note = ""): Entry => ({
  group,
  id: `${group}-${label}`,
  icon: "board",
  label,
  note,
  run: () => undefined,
});
const labels = (entries: readonly Entry[]) => entries.map(({ label }) => label);

describe("what is found", () => {
  const entries = [
    entry("actions", "New board", "N"),
    entry("cards", "Write to Zoë", "#12 · Doing"),
    entry("boards", "The launch"),
    entry("boards", "Launch"),
  ];

  it("begins with the names that begin with the text, boards before cards before actions", () => {
    expect(labels(found(entries, "la"))).toEqual(["Launch", "The launch"]);
    expect(labels(found([...entries, entry("cards", "Land")], "la"))).toEqual([
      ...["Launch", "The launch", "Land"],
    ]);
  });

  it("API-SEARCH: takes words in any order, without accents, and a card's number and column", () => {
    expect(labels(found(entries, "zoe write"))).toEqual(["Write to Zoë"]);
    expect(labels(found(entries, "#12"))).toEqual(["Write to Zoë"]);
    expect(labels(found(entries, "doing"))).toEqual(["Write to Zoë"]);
    expect(found(entries, "nowhere")).toEqual([]);
  });

  it("without a text is every board and action, and no card; of each group eight at most", () => {
    expect(labels(found(entries, " "))).toEqual(["The launch", "Launch", "New board"]);
    const many = Array.from({ length: 20 }, (_, nth) => entry("boards", `Board ${nth}`));
    expect(found(many, "board")).toHaveLength(8);
  });
});

describe("the dialog", () => {
  beforeEach(() => useSession.setState({ status: "known", user: user("ada") }));

  const board = (id: number, name: string) => ({
    ...{ id, name, description: "", role: "owner", archived: false, columns: [] },
    ...{ epoch: "0f8fad5b-d9cb-469f-a165-70867728950e", seq: 1, version: 1 },
    ...{ created_at: "2026-11-01T08:00:00.000Z", updated_at: "2026-11-01T08:00:00.000Z" },
  });
  const ran: string[] = [];

  function Screen() {
    const run = () => void ran.push("made");
    const focused = { keys: "m", label: "Move to…", run, onFocused: true };
    useShortcuts({ title: "Boards", shortcuts: [{ keys: "n", label: "New board", run }, focused] });
    return <Palette />;
  }

  async function show() {
    ran.length = 0;
    fakeApi({
      "GET /api/boards": {
        body: { items: [board(3, "Launch"), board(4, "Garden")], next_cursor: null },
      },
    });
    renderScreen("Home", <Screen />);
    act(openPalette);
    return screen.findByLabelText("Board, card or action");
  }
  const options = () =>
    screen
      .getAllByRole("option")
      .map((each) => String(each.props["accessibilityLabel"] ?? each.props["aria-label"]));

  it("opens the board that Enter or a press chooses", async () => {
    const field = await show();
    await screen.findByRole("option", { name: "Garden" });
    fireEvent.changeText(field, "gar");
    expect(options()).toEqual(["Garden"]);
    fireEvent(field, "submitEditing");
    await waitFor(() =>
      expect(navigation.getCurrentRoute()).toMatchObject({ name: "Board", params: { id: 4 } }),
    );
    expect(screen.queryByLabelText("Board, card or action")).toBeNull();
  });

  it("lists what can be done here with its key, but nothing that needs the focus, and does it", async () => {
    const field = await show();
    fireEvent.changeText(field, "new");
    expect(options()).toEqual(["New board, N"]);
    fireEvent.press(screen.getByRole("option", { name: "New board, N" }));
    await waitFor(() => expect(ran).toEqual(["made"]));
    act(openPalette);
    expect(screen.queryByRole("option", { name: /Move to/u })).toBeNull();
  });

  it("says where nothing is found", async () => {
    const field = await show();
    fireEvent.changeText(field, "no such thing");
    expect(screen.getByText("No board, card or action has these words.")).toBeOnTheScreen();
    fireEvent(field, "submitEditing");
    expect(field).toBeOnTheScreen();
  });
});
