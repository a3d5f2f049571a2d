/** What is shown this once is not closed by mistake. */

import { fireEvent, screen, waitFor } from "@testing-library/react-native";
import type { ReactElement } from "react";
import { Modal } from "react-native";
import { usePreferences } from "../../state/preferences";
import { useSession } from "../../state/session";
import { fakeApi, user, type FakeRoutes } from "../../testing/fake-api";
import { anAdminUser } from "../../testing/monitoring";
import { renderScreen } from "../../testing/render";
import * as clipboard from "../../utilities/clipboard";
import { settings } from "../../utilities/request";
import { BoardTokensDialog } from "./api-tokens";
import { LinksDialog } from "./links-dialog";
import { RecoveryCodesDialog } from "./recovery-codes";
import { ResetLinkDialog } from "./reset-link-dialog";

const SERVER = "https://boards.example";
const none = { body: { items: [], next_cursor: null } };
const ends = "2026-12-07T12:00:00.000Z";
const link = { id: 1, role: "editor", uses: 1, used: 0, created_by: "ada", active: true };
const token = { id: 2, name: "Deploys", scope: "read", boards: [], board_id: 7, created_by: "ada" };
const routes: FakeRoutes = {
  [`GET ${SERVER}/api/boards/7/invitations`]: none,
  [`POST ${SERVER}/api/boards/7/invitations`]: {
    status: 201,
    body: { ...link, token: "secret", expires_at: ends },
  },
  [`GET ${SERVER}/api/boards/7/tokens`]: none,
  [`POST ${SERVER}/api/boards/7/tokens`]: {
    status: 201,
    body: { ...token, token: "tb_rb3_secret" },
  },
  [`POST ${SERVER}/api/admin/users/ada/reset-link`]: {
    status: 201,
    body: { username: "ada", token: "secret", expires_at: ends },
  },
};

const TEXTS = {
  en: {
    question: "Close without a copy?",
    warning: /was neither copied nor saved, and you will not see it again\.$/u,
    stay: "Cancel",
    leave: "Close without a copy",
    copy: "Copy",
  },
  de: {
    question: "Ohne Kopie schließen?",
    warning: /weder kopiert noch gesichert, und Sie sehen es nicht noch einmal\.$/u,
    stay: "Abbrechen",
    leave: "Ohne Kopie schließen",
    copy: "Kopieren",
  },
} as const;

beforeEach(() => {
  settings.server = SERVER;
});
afterEach(() => {
  settings.server = "";
  jest.restoreAllMocks();
});

type Close = () => void;

/** Each dialog, and the button that makes what it shows. */
const DIALOGS: Record<string, { of: (onClose: Close) => ReactElement; make?: RegExp }> = {
  "API-TOTP: recovery codes": {
    of: (onClose) => <RecoveryCodesDialog codes={["abcd-efgh-ijkl-mnop"]} onClose={onClose} />,
  },
  "API-TOKENS: an API token": {
    of: (onClose) => <BoardTokensDialog board={7} onClose={onClose} />,
    make: /^(Make the token|Token anlegen)$/u,
  },
  "API-INVITATION: an invitation": {
    of: (onClose) => <LinksDialog board={7} onClose={onClose} />,
    make: /^(Make a link|Link anlegen)$/u,
  },
  "API-RESET: a link for a new password": {
    of: (onClose) => <ResetLinkDialog user={anAdminUser("ada")} onClose={onClose} />,
    make: /^(Make the link|Link anlegen)$/u,
  },
};

const press = (name: string | RegExp) => fireEvent.press(screen.getByRole("button", { name }));
/** Escape, the back button, or a press beside it. */
const closeFirst = () => fireEvent(screen.UNSAFE_getAllByType(Modal)[0]!, "requestClose");

async function shown(what: string, language: "en" | "de") {
  const { of, make } = DIALOGS[what]!;
  usePreferences.setState({ language });
  useSession.setState({ status: "known", user: user("ada"), registration: "open" });
  fakeApi(routes);
  const onClose = jest.fn();
  renderScreen("Members", of(onClose));
  const name = screen.queryByLabelText("Name");
  if (name !== null) fireEvent.changeText(name, "Deploys");
  if (make !== undefined) press(make);
  expect(await screen.findByRole("button", { name: TEXTS[language].copy })).toBeOnTheScreen();
  return onClose;
}

const cases = Object.keys(DIALOGS).flatMap((what) =>
  (["en", "de"] as const).map((language) => [what, language] as const),
);

it.each(cases)(
  "%s: what was not copied is not closed without asking (%s)",
  async (what, language) => {
    const onClose = await shown(what, language);
    const texts = TEXTS[language];
    closeFirst();
    expect(screen.getByText(texts.question)).toBeOnTheScreen();
    expect(screen.getByText(texts.warning)).toBeOnTheScreen();
    press(texts.stay);
    expect(screen.queryByText(texts.question)).toBeNull();
    expect(onClose).not.toHaveBeenCalled();
    closeFirst();
    press(texts.leave);
    expect(onClose).toHaveBeenCalledTimes(1);
  },
);

it.each(Object.keys(DIALOGS))("%s: what was copied is closed without a question", async (what) => {
  const copy = jest.spyOn(clipboard, "copyText").mockResolvedValue(false);
  const onClose = await shown(what, "en");
  press("Copy");
  await waitFor(() => expect(copy).toHaveBeenCalledTimes(1));
  closeFirst();
  // Nothing was copied.
  press("Cancel");
  copy.mockResolvedValue(true);
  press("Copy");
  await waitFor(() => {
    closeFirst();
    expect(onClose).toHaveBeenCalled();
  });
});
