/** How true the page is right now, said at the top of the window. */

import { connectionWords } from "../model/words.js";
import { find, setText } from "./dom.js";

/** @typedef {{state: import("../model/words.js").LiveState, last: number, behind: number}} Connection */

/** @param {Connection | null} connection null where no board is followed */
export function showConnection(connection) {
  const element = find(document, "#connection");
  element.hidden = connection === null;
  if (connection === null) {
    return;
  }
  const { state, last, behind } = connection;
  element.dataset.state = state;
  element.dataset.last = String(last);
  setText(find(element, ".connection-words"), connectionWords(state, behind));
  setText(
    find(element, ".connection-seq"),
    behind > 0 ? `№ ${last} of ${last + behind}` : `№ ${last}`,
  );
}
