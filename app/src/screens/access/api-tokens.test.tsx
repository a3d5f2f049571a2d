/** Tokens for programs: made by users and by owners of boards, shown once, and revoked. */

import { fireEvent, screen, waitFor } from "@testing-library/react-native";
import { usePreferences } from "../../state/preferences";
import { useSession } from "../../state/session";
import { fakeApi, problem, user, type FakeRoutes } from "../../testing/fake-api";
import { renderScreen } from "../../testing/render";
import * as clipboard from "../../utilities/clipboard";
import { ApiTokens, BoardTokensDialog } from "./api-tokens";

const LIST = "GET /api/auth/tokens";
const MAKE = "POST /api/auth/tokens";
const token = (id: number, more: object = {}) => ({
  id,
  name: "Nightly report",
  scope: "read",
  boards: null,
  board_id: null,
  created_by: "ada",
  created_at: "2026-11-30T12:00:00.000Z",
  last_used_at: null,
  expires_at: null,
  ...more,
});
const page = (...items: readonly object[]) => ({ body: { items, next_cursor: null } });
const board = (id: number, name: string) => ({
  id,
  name,
  description: "",
  columns: [],
  role: "owner",
  version: 1,
  seq: 1,
  epoch: "e",
  archived: false,
  created_at: "2026-11-30T12:00:00.000Z",
  updated_at: "2026-11-30T12:00:00.000Z",
});

beforeEach(() => {
  usePreferences.setState({ language: "en" });
  useSession.setState({ status: "known", user: user("ada") });
});

function show(routes: FakeRoutes) {
  const server = fakeApi(routes);
  renderScreen("Profile", <ApiTokens />);
  return server;
}

const press = (name: string | RegExp) => fireEvent.press(screen.getByRole("button", { name }));

it("API-TOKENS: one is made for some boards and shown this once", async () => {
  const copy = jest.spyOn(clipboard, "copyText").mockResolvedValue(true);
  let items: object[] = [];
  const made = token(1, { scope: "write", boards: [{ id: 7, name: "Launch" }] });
  const { asked } = show({
    [LIST]: () => page(...items),
    [MAKE]: () => {
      items = [made];
      return { status: 201, body: { ...made, token: "tb_wb3_secret" } };
    },
    "GET /api/boards": page(board(7, "Launch"), board(8, "Garden")),
  });
  expect(await screen.findByText("There are none.")).toBeOnTheScreen();
  press("Make an API token…");
  press("Make the token");
  expect(screen.getByText("Type a name.")).toBeOnTheScreen();
  fireEvent.changeText(screen.getByLabelText("Name"), " Nightly report ");
  fireEvent.press(screen.getByRole("combobox", { name: "Scope" }));
  fireEvent.press(screen.getByRole("radio", { name: "Write: also changes what is on them" }));
  fireEvent.press(screen.getByRole("radio", { name: "Some boards" }));
  press("Make the token");
  expect(screen.getByText("Choose a board.")).toBeOnTheScreen();
  fireEvent.press(await screen.findByRole("checkbox", { name: "Launch" }));
  fireEvent.press(screen.getByRole("radio", { name: "For ever" }));
  press("Make the token");
  expect(await screen.findByLabelText("The token")).toHaveDisplayValue("tb_wb3_secret");
  expect(screen.getByText("You will not see it again: copy it now.")).toBeOnTheScreen();
  expect(asked.filter(({ method }) => method === "POST").map(({ body }) => body)).toEqual([
    { name: "Nightly report", scope: "write", expires_in_days: null, boards: [7] },
  ]);
  press("Copy");
  expect(copy).toHaveBeenCalledWith("tb_wb3_secret");
  expect(await screen.findByText("The token is copied.")).toBeOnTheScreen();
  press("Close");
  expect(screen.queryByDisplayValue("tb_wb3_secret")).toBeNull();
  expect(await screen.findByText("Write · Launch · for ever · never used")).toBeOnTheScreen();
});

it("API-TOKENS: one is revoked once that is confirmed", async () => {
  let items = [token(2, { name: "Old", scope: "admin" }), token(1)];
  const { asked } = show({
    [LIST]: () => page(...items),
    "DELETE /api/auth/tokens/2": () => {
      items = items.slice(1);
      return { status: 204 };
    },
  });
  const button = /^Revoke: Old, Admin · All boards · for ever · never used$/u;
  fireEvent.press(await screen.findByRole("button", { name: button }));
  expect(screen.getByText("Revoke “Old”?")).toBeOnTheScreen();
  press("Cancel");
  expect(asked.filter(({ method }) => method === "DELETE")).toEqual([]);
  press(button);
  press("Revoke the token");
  expect(await screen.findByText("The API token is revoked.")).toBeOnTheScreen();
  await waitFor(() => expect(screen.queryByText("Old")).toBeNull());
  expect(screen.getByText("Nightly report")).toBeOnTheScreen();
});

it("API-TOKENS: one that the user made for a board is among their own, and says so", async () => {
  const boards = [{ id: 7, name: "Launch" }];
  const { asked } = show({
    [LIST]: page(token(3, { name: "Deploys", boards, board_id: 7 })),
    "DELETE /api/auth/tokens/3": { status: 204 },
  });
  const button = "Revoke: Deploys, Read · of the board Launch · for ever · never used";
  fireEvent.press(await screen.findByRole("button", { name: button }));
  press("Revoke the token");
  expect(await screen.findByText("The API token is revoked.")).toBeOnTheScreen();
  expect(asked.filter(({ method }) => method === "DELETE")).toHaveLength(1);
});

it("API-TOKENS: at the limit the page says so", async () => {
  usePreferences.setState({ language: "de" });
  const full = problem(409, "limit-reached", "There are 50.", { limit: "api-tokens" });
  show({ [LIST]: page(), [MAKE]: full });
  press("API-Token anlegen …");
  fireEvent.changeText(screen.getByLabelText("Name"), "Bericht");
  press("Token anlegen");
  expect(await screen.findByText(/Widerrufen Sie zuerst einen/u)).toBeOnTheScreen();
});

it("API-TOKEN-SCOPE: a board's are made for it alone, and say who made them", async () => {
  const { asked } = fakeApi({
    "GET /api/boards/7/tokens": page(token(1, { boards: [{ id: 7, name: "Launch" }] })),
    "POST /api/boards/7/tokens": { status: 201, body: token(2, { token: "tb_rb3_secret" }) },
  });
  renderScreen("Members", <BoardTokensDialog board={7} onClose={jest.fn()} />);
  expect(await screen.findByText("Read · by ada · for ever · never used")).toBeOnTheScreen();
  expect(screen.queryByRole("radio", { name: "Some boards" })).toBeNull();
  fireEvent.changeText(screen.getByLabelText("Name"), "Deploys");
  press("Make the token");
  expect(await screen.findByLabelText("The token")).toHaveDisplayValue("tb_rb3_secret");
  expect(asked.find(({ method }) => method === "POST")?.body).toEqual({
    name: "Deploys",
    scope: "read",
    expires_in_days: 90,
  });
});
