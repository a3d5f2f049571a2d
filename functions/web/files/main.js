/**
 * Where the page starts: reads the address and shows the list of boards (`#/`) or one board
 * (`#/boards/7`). Reading order from here: view/board-page.js, net/board-session.js,
 * model/follow.js.
 */

import * as api from "./net/api.js";
import { socketAddress } from "./net/live-socket.js";
import { summary } from "./model/problem.js";
import { BoardPage } from "./view/board-page.js";
import { find, make } from "./view/dom.js";
import { ListPage } from "./view/list-page.js";

const main = find(document, "#main");
/** @type {ListPage | BoardPage | null} */
let page = null;
/** @type {{text: string, kept: string[]} | null} */
let farewell = null;
/** Counts the visits, so that a slow answer never replaces a newer page. */
let visit = 0;
/** Asked for once; a failure is not remembered. @type {Promise<{relay_url: string}> | null} */
let configuration = null;

/** @param {ListPage | BoardPage} next */
function show(next) {
  const first = page === null && !main.querySelector(".loading");
  leave();
  page = next;
  main.replaceChildren(next.root);
  next.start();
  scrollTo(0, 0);
  // Screen readers and keyboards follow to the new page; the first one has the focus already.
  if (!first) {
    next.heading.focus({ preventScroll: true });
  }
}

function leave() {
  page?.stop();
  page = null;
}

function showList() {
  const said = farewell;
  farewell = null;
  show(new ListPage(said));
}

/** @param {{text: string, kept: string[]}} words */
function toList(words) {
  farewell = words;
  // The address of a board that is gone does not stay in the history.
  history.replaceState(null, "", "#/");
  route();
}

/** @param {number} id */
async function showBoard(id) {
  const now = visit;
  leave();
  main.replaceChildren(make("p", { class: "loading", role: "status" }, "Fetching the board…"));
  configuration ??= api.getConfiguration();
  try {
    const [board, { relay_url: relay }] = await Promise.all([api.getBoard(id), configuration]);
    if (now === visit) {
      show(new BoardPage(board, socketAddress(relay, location), toList));
    }
  } catch (error) {
    configuration = null;
    if (now === visit) {
      failed(error, id);
    }
  }
}

/** @param {unknown} error @param {number} id */
function failed(error, id) {
  if (/** @type {any} */ (error).status === 404) {
    toList({
      text: `There is no board ${id}. It was deleted, or the server was restarted.`,
      kept: [],
    });
    return;
  }
  const again = make(
    "button",
    { class: "button button-main", type: "button", click: route },
    "Try again",
  );
  main.replaceChildren(
    make(
      "section",
      { class: "trouble" },
      make("h1", {}, "The board did not come"),
      make("p", { role: "alert" }, summary(error)),
      again,
    ),
  );
}

function route() {
  visit += 1;
  const board = /^#\/boards\/([1-9]\d{0,15})$/u.exec(location.hash);
  if (board) {
    showBoard(Number(board[1]));
  } else {
    showList();
  }
}

// The skip link must not become an address: the part after the # says which page is shown.
find(document, ".skip").addEventListener("click", (/** @type {Event} */ event) => {
  event.preventDefault();
  main.focus();
});
window.addEventListener("hashchange", route);
route();
