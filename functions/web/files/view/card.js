/** One card: made once, then kept in step with its task. */

import { ago, hue, initials } from "../model/words.js";
import { find, fromTemplate, setText } from "./dom.js";

/** @typedef {import("../model/types.js").Task} Task */

/** How much of a description a card shows at most, in characters; the style clips it further. */
const TEASER = 180;

/** @param {Task} task @returns {HTMLElement} */
export function makeCard(task) {
  const card = fromTemplate("card");
  card.dataset.task = String(task.id);
  updateCard(card, task);
  return card;
}

/** @param {any} card @param {Task} task */
export function updateCard(card, task) {
  // A task is never changed in place, so most cards are done after one comparison.
  if (card.task === task) {
    return;
  }
  card.task = task;
  setText(find(card, ".card-open"), task.title);
  const text = find(card, ".card-text");
  setText(text, task.description.slice(0, TEASER));
  text.hidden = task.description === "";
  setText(find(card, ".card-number"), `#${task.id}`);
  const time = find(card, ".card-time");
  time.dateTime = task.updated_at;
  time.title = new Date(task.updated_at).toLocaleString();
  setText(time, ago(task.updated_at, Date.now()));
  find(card, ".card-more").setAttribute("aria-label", `Actions for ${task.title}`);
  showPerson(find(card, ".person"), task.assigned_to);
}

/** @param {any} person @param {string | null} name */
function showPerson(person, name) {
  person.hidden = name === null;
  if (name !== null) {
    const avatar = find(person, ".avatar");
    avatar.className = `avatar hue-${hue(name)}`;
    setText(avatar, initials(name));
    setText(find(person, ".person-name"), name);
  }
}

/** Times go on, also where nothing changes. @param {ParentNode} root */
export function refreshTimes(root) {
  const now = Date.now();
  for (const time of root.querySelectorAll("time[datetime]")) {
    setText(time, ago(/** @type {HTMLTimeElement} */ (time).dateTime, now));
  }
}
