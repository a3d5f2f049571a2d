/** Guards the secrets of links: out of the address at once, and with the tab until they were used. */

import { Platform } from "react-native";
import { forgetLink, invitationOf, takeLink, useLinks, wantToJoin } from "./links";

const kept = new Map<string, string>();
const page = { hash: "", pathname: "/invite", search: "" };
const replaced: string[] = [];
const stand = {
  location: page,
  history: {
    state: { id: 1 },
    replaceState: (_state: unknown, _title: string, path: string) => replaced.push(path),
  },
  sessionStorage: {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  },
};
const os = Platform.OS;

beforeAll(() => {
  Platform.OS = "web";
  Object.assign(globalThis, stand);
});
afterAll(() => {
  Platform.OS = os;
});
beforeEach(() => {
  forgetLink("invite");
  replaced.length = 0;
});

it("the secret leaves the address at once and stays with the tab", () => {
  page.hash = "#secret";
  takeLink("invite");
  expect(replaced).toEqual(["/invite"]);
  expect(useLinks.getState().invite).toBe("secret");
  expect([...kept.values()].join()).toContain("secret");
  forgetLink("invite");
  expect([...kept.values()].join()).not.toContain("secret");
});

it("what is behind the # of another page is no link", () => {
  Object.assign(page, { hash: "#content", pathname: "/login" });
  takeLink("invite");
  expect([useLinks.getState().invite, replaced]).toEqual([null, []]);
  page.pathname = "/invite";
});

it("an address without a secret takes none away", () => {
  page.hash = "#secret";
  takeLink("invite");
  page.hash = "";
  takeLink("invite");
  expect(useLinks.getState().invite).toBe("secret");
});

it("a link to a new password leaves an invitation where it is", () => {
  page.hash = "#secret";
  takeLink("invite");
  Object.assign(page, { hash: "#other", pathname: "/reset" });
  takeLink("reset");
  expect(useLinks.getState()).toMatchObject({ invite: "secret", reset: "other" });
  forgetLink("reset");
  expect(useLinks.getState()).toMatchObject({ invite: "secret", reset: null });
  page.pathname = "/invite";
});

it("only who chose to join registers with it, and only where it makes accounts", () => {
  page.hash = "#secret";
  takeLink("invite");
  expect(invitationOf(useLinks.getState())).toBeUndefined();
  wantToJoin(false);
  expect(invitationOf(useLinks.getState())).toBeUndefined();
  wantToJoin(true);
  expect(invitationOf(useLinks.getState())).toBe("secret");
  page.hash = "#another";
  takeLink("invite");
  expect(invitationOf(useLinks.getState())).toBeUndefined();
});
