/** Guards the dialogs of the board: moving, columns, and changes that need their maker. */

import { act, fireEvent, screen } from "@testing-library/react-native";
import { drafts } from "../state/drafts";
import { learnNames } from "../state/names";
import { useSession } from "../state/session";
import type { BoardEvent, Trouble } from "../sync";
import { user } from "../testing/fake-api";
import { catalogues } from "../utilities/texts";
import { useBoardColumns } from "../state/hooks";
import { boardParts, renderOnBoard, renderOnStage } from "./board-testing";
import { LimitDialog } from "./columns/limit-dialog";
import { ColumnsEditor } from "./columns/columns-editor";
import { connectionWords, type Waiting } from "./connection-badge";
import { aTask } from "../testing/boards";
import { FakeBoard } from "../testing/fake-board";
import { MoveDialog } from "./card/move-dialog";
import { TroubleDialog } from "./trouble/trouble-dialog";

const tasks = [
  aTask({ id: 1, title: "Pack" }),
  aTask({ id: 2, title: "Sleep" }),
  aTask({ id: 3, title: "Eat", status: "in_progress" }),
];
const press = (name: string) => fireEvent.press(screen.getByRole("button", { name }));

describe("“Move to…”", () => {
  it("moves to the place that was chosen by name", () => {
    const moves: unknown[] = [];
    const board = new FakeBoard(tasks);
    const onMove = (place: unknown) => moves.push(place);
    renderOnStage(<MoveDialog board={board} id={1} onMove={onMove} onClose={() => undefined} />);
    fireEvent.press(screen.getByRole("combobox", { name: "Column" }));
    fireEvent.press(screen.getByRole("radio", { name: "In progress" }));
    fireEvent.press(screen.getByRole("combobox", { name: "Place" }));
    fireEvent.press(screen.getByRole("radio", { name: "First" }));
    press("Move");
    expect(moves).toEqual([{ status: "in_progress", before: 3 }]);
  });

  it("says that another user has deleted the chosen column, and does not move there", () => {
    const moves: unknown[] = [];
    const board = new FakeBoard(tasks);
    const onMove = (place: unknown) => moves.push(place);
    renderOnStage(<MoveDialog board={board} id={1} onMove={onMove} onClose={() => undefined} />);
    fireEvent.press(screen.getByRole("combobox", { name: "Column" }));
    fireEvent.press(screen.getByRole("radio", { name: "Finished" }));
    const columns = board.state.head.columns.filter(({ key }) => key !== "finished");
    act(() => board.tell({ head: { ...board.state.head, columns } }));
    expect(screen.getByText(/column that you chose/u)).toBeOnTheScreen();
    press("Move");
    expect(moves).toEqual([{ status: "todo", before: null }]);
  });

  it("continues where the server names the task, and the one that it is to be before", () => {
    const moves: unknown[] = [];
    const board = new FakeBoard([
      aTask({ id: -1, title: "Pack" }),
      aTask({ id: -2, title: "Sleep" }),
      aTask({ id: 3, title: "Eat" }),
    ]);
    const onMove = (place: unknown) => moves.push(place);
    renderOnStage(<MoveDialog board={board} id={-1} onMove={onMove} onClose={() => undefined} />);
    fireEvent.press(screen.getByRole("combobox", { name: "Place" }));
    fireEvent.press(screen.getByRole("radio", { name: "First" }));
    act(() => [-1, -2].forEach((id) => board.named(id, id + 10)));
    press("Move");
    expect(moves).toEqual([{ status: "todo", before: 8 }]);
    fireEvent.press(screen.getByRole("combobox", { name: "Place" }));
    expect(screen.queryByRole("radio", { name: /Pack/u })).toBeNull();
  });

  it("says that another user has deleted the task, and moves nothing", () => {
    const board = new FakeBoard(tasks);
    renderOnStage(
      <MoveDialog board={board} id={1} onMove={() => undefined} onClose={() => undefined} />,
    );
    act(() => board.deleteTask(1));
    expect(screen.getByText("This task is no longer on the board.")).toBeOnTheScreen();
    expect(screen.queryByRole("button", { name: "Move" })).toBeNull();
  });
});

it("a column's limit that another user changed while its dialog was open is not overwritten without asking", () => {
  const board = new FakeBoard(tasks);
  const changed = jest.spyOn(board, "changeBoard").mockImplementation(() => undefined);
  const limited = (limit: number) =>
    board.tell({
      head: {
        ...board.state.head,
        columns: board.state.head.columns.map((column) => ({ ...column, wip_limit: limit })),
      },
    });
  limited(3);
  function Dialog() {
    const [column] = useBoardColumns(board);
    return column && <LimitDialog column={column} onClose={() => undefined} />;
  }
  renderOnBoard(boardParts(board), <Dialog />);
  act(() => limited(5));
  press("Save");
  expect(changed).not.toHaveBeenCalled();
  fireEvent.changeText(screen.getByLabelText("Limit"), "4");
  press("Save");
  const [changes, begunOn] = changed.mock.calls[0] ?? [];
  expect([changes?.columns?.[0]?.wip_limit, begunOn?.columns[0]?.wip_limit]).toEqual([4, 3]);
});

it("a column's limit that was typed is there again after Escape, and was begun on what it was then", () => {
  const board = new FakeBoard(tasks);
  const changed = jest.spyOn(board, "changeBoard").mockImplementation(() => undefined);
  const open = () => {
    const [column] = board.state.head.columns;
    const dialog = column && <LimitDialog column={column} onClose={() => undefined} />;
    renderOnBoard(boardParts(board), dialog ?? <></>);
    return screen.getByLabelText("Limit");
  };
  fireEvent.changeText(open(), "4");
  screen.unmount();
  const { head } = board.state;
  const columns = head.columns.map((column) => ({ ...column, wip_limit: 9 }));
  board.tell({ head: { ...head, columns } });
  expect(open()).toHaveDisplayValue("4");
  expect(screen.getByText(/not saved yet/)).toBeOnTheScreen();
  press("Save");
  const [changes, begunOn] = changed.mock.calls[0] ?? [];
  expect([changes?.columns?.[0]?.wip_limit, begunOn?.columns[0]?.wip_limit]).toEqual([4, null]);
  screen.unmount();
  fireEvent.changeText(open(), "5");
  press("Cancel");
  screen.unmount();
  expect(open()).toHaveDisplayValue("9");
});

describe("the columns editor", () => {
  let next = 500;
  /** Drafts are kept by board: each test has its own. */
  const open = (board = new FakeBoard(tasks, { mode: "teams", id: next++ })) => {
    renderOnStage(<ColumnsEditor board={board} onClose={() => undefined} />);
    return board;
  };

  it("api: a column in use is not deleted, and the reason is shown", () => {
    const board = open();
    press("Delete column To do");
    expect(screen.getByText("“To do” still has 2 tasks. Move them first.")).toBeOnTheScreen();
    expect(board.calls).toEqual([]);
  });

  it("renames, limits, orders and adds in one change", () => {
    const board = open();
    fireEvent.changeText(screen.getByLabelText("Name of column 1"), "Ideas");
    fireEvent.changeText(screen.getByLabelText("Limit of Ideas"), "5");
    press("Move Ideas to the right");
    press("Delete column Finished");
    press("Add column");
    fireEvent.changeText(screen.getByLabelText("Name of column 3"), "Done");
    press("Save");
    const columns = [
      { key: "in_progress", name: "In progress", wip_limit: 2 },
      { key: "todo", name: "Ideas", wip_limit: 5 },
      { key: "done", name: "Done", wip_limit: null },
    ];
    expect(board.calls).toEqual([`changeBoard ${JSON.stringify({ columns })}`]);
  });

  it("what was begun is there again after a reload, and what others did since is a conflict", () => {
    const board = open();
    fireEvent.changeText(screen.getByLabelText("Name of column 1"), "Ideas");
    press("Add column");
    screen.unmount();
    const before = board.state.head;
    const theirs = before.columns.map((column) => ({ ...column, name: `${column.name}!` }));
    board.tell({ head: { ...before, columns: theirs } });
    const change = jest.spyOn(board, "changeBoard");
    open(board);
    expect(screen.getByText(/not saved yet/)).toBeOnTheScreen();
    expect(screen.getByLabelText("Name of column 1")).toHaveDisplayValue("Ideas");
    expect(screen.getByLabelText("Name of column 4")).toHaveDisplayValue("New column");
    press("Save");
    const begunOn = expect.objectContaining({ columns: before.columns }) as unknown;
    expect(change).toHaveBeenCalledWith(expect.anything(), begunOn);
    screen.unmount();
    open(board);
    fireEvent.changeText(screen.getByLabelText("Name of column 1"), "Given up");
    press("Cancel");
    screen.unmount();
    open(board);
    expect(screen.queryByDisplayValue("Given up")).toBeNull();
  });

  it("an error is shown at its field, and nothing is saved until it is corrected", () => {
    const board = open();
    fireEvent.changeText(screen.getByLabelText("Limit of To do"), "none");
    expect(screen.getByText("A whole number from 1 up, or nothing.")).toBeOnTheScreen();
    press("Save");
    expect(board.calls).toEqual([]);
  });
});

describe("changes that need their maker", () => {
  const trouble = (kind: Trouble["kind"]): Trouble => ({
    id: "t",
    task: 1,
    subject: "Pack",
    at: 0,
    kind,
  });
  const open = (kind: Trouble["kind"]) => {
    const board = new FakeBoard(tasks);
    board.tell({ troubles: [trouble(kind)] });
    renderOnStage(<TroubleDialog board={board} onClose={() => undefined} />);
    return board;
  };
  const conflict: Trouble["kind"] = {
    kind: "conflict",
    fields: [
      { field: "title", base: "Pack", mine: "Pack now", theirs: "Pack later" },
      { field: "assigned_to", base: null, mine: "ada", theirs: null },
    ],
  };

  it("both values of a conflict are shown, and each field is decided", () => {
    const board = open(conflict);
    for (const words of ["Pack now", "Pack later", "ada", "(nothing)"]) {
      expect(screen.getByText(words)).toBeOnTheScreen();
    }
    press("Apply");
    expect(board.calls).toEqual([]);
    const [mine] = screen.getAllByRole("radio", { name: "Keep mine" });
    const [, theirs] = screen.getAllByRole("radio", { name: "Keep theirs" });
    if (!mine || !theirs) {
      throw new Error("there is nothing to choose");
    }
    fireEvent.press(mine);
    fireEvent.press(theirs);
    press("Apply");
    expect(board.calls).toEqual(['resolve "t" ["title"]']);
  });

  it("a conflict says who changed what, in one block a task, and texts can be combined", () => {
    const board = new FakeBoard();
    learnNames([{ username: "grace", display_name: "Grace Hopper" }]);
    const trouble = (id: string, field: string, mine: string, theirs: string): Trouble => ({
      id,
      task: 1,
      subject: "Pack",
      at: 0,
      kind: { kind: "conflict", fields: [{ field, base: "", mine, theirs }] },
    });
    const change = { seq: 1, board_id: 7, timestamp: "2026-01-02T00:00:00.000Z" };
    board.tell({
      troubles: [trouble("t", "title", "Now", "Later"), trouble("d", "description", "a", "b")],
      activity: [
        {
          ...change,
          entity: "task",
          action: "Update",
          actor: { id: 2, username: "grace" },
          task: { ...aTask({ id: 1, title: "Later" }), created_by: "ada" },
          changes: { title: ["", "Later"], description: ["", "b"] },
        },
      ],
    });
    renderOnStage(<TroubleDialog board={board} onClose={() => undefined} />);
    expect(screen.getAllByText("Grace Hopper changed “Pack” meanwhile")).toHaveLength(1);
    expect(screen.getAllByRole("button", { name: "Apply" })).toHaveLength(1);
    expect(screen.getAllByText("Theirs (Grace Hopper)")).toHaveLength(2);
    for (const combine of screen.getAllByRole("radio", { name: "Combine" })) {
      fireEvent.press(combine);
    }
    expect(screen.getByLabelText("Title, combined")).toHaveDisplayValue("Now / Later");
    fireEvent.changeText(screen.getByLabelText("Title, combined"), "Now or later");
    expect(screen.getByLabelText("Description, combined")).toHaveDisplayValue("a\nb");
    press("Apply");
    expect(board.calls).toEqual([
      'resolve "t" ["title"] ["title","Now or later"]',
      'resolve "d" ["description"] ["description","a\\nb"]',
    ]);
  });

  it("a conflict names who wrote the other value: neither the reader for another part, nor the author of an older one", () => {
    const board = new FakeBoard();
    const [todo, ...others] = board.state.head.columns;
    const columns = (name: string, limit: number | null) => [
      { ...todo, name, wip_limit: limit },
      ...others,
    ];
    const field = (theirs: unknown): Trouble["kind"] => ({
      kind: "conflict",
      fields: [
        { field: "columns", base: columns("To do", null), mine: columns("Mine", 3), theirs },
      ],
    });
    const event = (seq: number, username: string, before: unknown, after: unknown) => ({
      seq,
      board_id: 7,
      timestamp: "2026-01-02T00:00:00.000Z",
      entity: "board" as const,
      action: "Update" as const,
      actor: { id: seq, username },
      board: { ...board.state.head, id: 7, version: seq },
      changes: { columns: [before, after] },
    });
    useSession.setState({ status: "known", user: user("bob") });
    board.tell({
      troubles: [{ ...trouble(field(columns("Theirs", 3))), task: null, subject: "Trip" }],
      activity: [
        event(1, "grace", columns("To do", null), columns("Theirs", null)),
        event(2, "bob", columns("Theirs", null), columns("Theirs", 3)),
      ] as unknown as readonly BoardEvent[],
    });
    renderOnStage(<TroubleDialog board={board} onClose={() => undefined} />);
    expect(screen.getByText("Theirs (grace)")).toBeOnTheScreen();
    act(() =>
      board.tell({
        troubles: [{ ...trouble(field(columns("Newer", 3))), task: null, subject: "Trip" }],
      }),
    );
    expect(screen.getByText("Theirs")).toBeOnTheScreen();
    expect(screen.getByText("“Trip” was changed elsewhere meanwhile")).toBeOnTheScreen();
    act(() => useSession.setState({ status: "guest", user: null }));
  });

  it("a free field of several lines keeps them where it is combined", () => {
    const [base, mine, theirs] = [
      "Street 1\nTown",
      "Street 1\nTown\nMine",
      "Street 1\nTown\nTheirs",
    ];
    open({ kind: "conflict", fields: [{ field: "fields/Address", base, mine, theirs }] });
    fireEvent.press(screen.getByRole("radio", { name: "Combine" }));
    const both = screen.getByLabelText("Address, combined");
    expect(both).toHaveDisplayValue(["Street 1", "Town", "Mine", "Theirs"].join("\n"));
    expect(both.props["multiline"]).toBe(true);
  });

  it("a manual merge of both stays, whatever is chosen or joins the conflict later", () => {
    const board = open(conflict);
    const choose = (name: string) => {
      const [first] = screen.getAllByRole("radio", { name });
      fireEvent.press(first ?? screen.root);
    };
    choose("Combine");
    fireEvent.changeText(screen.getByLabelText("Title, combined"), "Now or later");
    choose("Combine");
    expect(screen.getByLabelText("Title, combined")).toHaveDisplayValue("Now or later");
    choose("Keep mine");
    expect(screen.queryByLabelText("Title, combined")).toBeNull();
    choose("Combine");
    const due: Trouble = {
      ...trouble({
        kind: "conflict",
        fields: [{ field: "due_at", base: null, mine: null, theirs: null }],
      }),
      id: "u",
    };
    act(() => board.tell({ troubles: [...board.state.troubles, due] }));
    expect(screen.getByLabelText("Title, combined")).toHaveDisplayValue("Now or later");
    fireEvent.changeText(screen.getByLabelText("Title, combined"), "Pack now / later");
    expect(drafts.under("nobody/teams/7/1/")).toEqual([]);
  });

  it("a task that was deleted in the meantime can be created again", () => {
    const board = open({ kind: "deleted", mine: { title: "Pack now" } });
    expect(screen.getByText("“Pack” was deleted while you were changing it")).toBeOnTheScreen();
    expect(screen.getByText("Title: Pack now")).toBeOnTheScreen();
    press("Create it again");
    expect(board.calls).toEqual(['retry "t"']);
  });

  it("api: /problems/wip-limit: a refused move names the column as people know it, and may go elsewhere", () => {
    const board = open({
      kind: "refused",
      type: "/problems/wip-limit",
      reason: {
        code: "server",
        status: 409,
        detail: "The column in_progress takes at most 2 tasks.",
        errors: [],
      },
      mine: { status: "in_progress" },
    });
    expect(
      screen.getByText("“Pack” did not fit: “In progress” takes at most 2 tasks."),
    ).toBeOnTheScreen();
    expect(screen.getByText("Column: In progress")).toBeOnTheScreen();
    expect(screen.getByRole("button", { name: "Move elsewhere" })).toBeOnTheScreen();
    press("Discard");
    expect(board.calls).toEqual(['discard "t"']);
  });
});

it("RT8: every state of the connection is shown in words", () => {
  const texts = catalogues.en.board;
  const words = (
    connection: Parameters<typeof connectionWords>[0],
    count: number,
    more: Partial<Waiting> = {},
  ) => connectionWords(connection, { count, ...more }, texts).words;
  expect(words({ state: "live" }, 0)).toBe("Live");
  expect(words({ state: "live" }, 2)).toBe("Sending 2 changes");
  expect(words({ state: "catching-up", behind: 7 }, 0)).toBe("Catching up, behind by 7");
  expect(words({ state: "catching-up", behind: 0 }, 0)).toBe("Catching up");
  expect(words({ state: "offline", retryAt: null }, 3)).toBe("Offline, 3 changes waiting");
  expect(words({ state: "offline", retryAt: 1 }, 0)).toBe("Offline");
  expect(words({ state: "offline", retryAt: 1, crowded: true }, 0)).toBe(
    "Not live: too many connections, close another tab or device",
  );
  expect(words({ state: "stopped" }, 0)).toBe("Out of date, reload the page");
  const silent = { stall: { status: null, retryAt: null } };
  expect(words({ state: "live" }, 1, silent)).toBe("The server does not answer, 1 change waiting");
  expect(words({ state: "live" }, 2, { stall: { status: 503, retryAt: 1 } })).toBe(
    "The server cannot accept changes now, 2 changes waiting",
  );
  expect(words({ state: "offline", retryAt: null }, 1, silent)).toBe("Offline, 1 change waiting");
  expect(words({ state: "live" }, 1, { expired: true })).toBe("Log in to send 1 change");
  expect(words({ state: "live" }, 0, { expired: true, ...silent })).toBe("Live");
});
