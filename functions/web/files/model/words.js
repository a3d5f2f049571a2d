/** What happened and how things stand, in words. */

import { columnName } from "./columns.js";

/** @typedef {import("./types.js").BoardEvent} BoardEvent */

/**
 * A sentence in parts, so that the page can set titles apart without parsing.
 *
 * @typedef {{text: string, strong?: boolean}} Part
 */

/**
 * @param {BoardEvent} event
 * @returns {Part[]} one sentence, without a full stop
 */
export function eventWords(event) {
  return event.entity === "board" ? boardWords(event) : taskWords(event);
}

/** @param {readonly Part[]} parts @returns {string} the sentence as plain text */
export function plain(parts) {
  return parts.map((part) => (part.strong ? `“${part.text}”` : part.text)).join("");
}

/** @param {BoardEvent} event @returns {Part[]} */
function boardWords(event) {
  if (event.action === "Delete") {
    return [{ text: "Deleted the board" }];
  }
  const name = event.changes?.name;
  return name
    ? [{ text: "Renamed the board to " }, { text: String(name[1]), strong: true }]
    : [{ text: "Changed the board" }];
}

/** @param {BoardEvent} event @returns {Part[]} */
function taskWords(event) {
  const task = event.task;
  if (!task) {
    return [{ text: "Changed something" }];
  }
  const title = { text: task.title, strong: true };
  switch (event.action) {
    case "Add":
      return [{ text: "Added " }, title, { text: ` to ${columnName(task.status)}` }];
    case "Delete":
      return [{ text: "Deleted " }, title];
    default:
      return changeWords(event, title);
  }
}

/** @param {BoardEvent} event @param {Part} title @returns {Part[]} */
function changeWords(event, title) {
  const changes = event.changes ?? {};
  /** @type {Part[][]} */
  const said = [];
  if (changes.status) {
    const [from, to] = changes.status.map(columnName);
    said.push([{ text: "Moved " }, title, { text: ` from ${from} to ${to}` }]);
  }
  if (changes.title) {
    said.push([
      { text: "Renamed " },
      { text: String(changes.title[0]), strong: true },
      { text: " to " },
      title,
    ]);
  }
  if (changes.assigned_to) {
    const somebody = changes.assigned_to[1];
    said.push(
      somebody
        ? [{ text: "Gave " }, title, { text: ` to ${somebody}` }]
        : [{ text: "Took " }, title, { text: ` from ${changes.assigned_to[0]}` }],
    );
  }
  if (changes.description) {
    said.push([{ text: "Rewrote the description of " }, title]);
  }
  if (said.length === 0) {
    return [{ text: "Changed " }, title];
  }
  return said.flatMap((parts, index) =>
    index === 0 ? parts : [{ text: "; " }, ...lowered(parts)],
  );
}

/** @param {Part[]} parts @returns {Part[]} */
function lowered([first, ...rest]) {
  return [{ ...first, text: first.text.charAt(0).toLowerCase() + first.text.slice(1) }, ...rest];
}

/**
 * @typedef {"connecting" | "live" | "catching-up" | "checking" | "offline" | "stopped"} LiveState
 * @param {LiveState} state
 * @param {number} behind events known to exist but not yet shown
 * @returns {string}
 */
export function connectionWords(state, behind) {
  switch (state) {
    case "live":
      return "Live";
    case "catching-up":
      return behind > 0 ? `Catching up, behind by ${behind}` : "Catching up";
    case "checking":
      return "Checking the connection";
    case "offline":
      return behind > 0 ? `Offline, reconnecting, behind by ${behind}` : "Offline, reconnecting";
    case "stopped":
      return "Not connected, reload the page";
    default:
      return "Connecting";
  }
}

const STEPS = /** @type {const} */ ([
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
]);
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

/**
 * @param {string} timestamp RFC 3339
 * @param {number} now milliseconds since 1970
 * @returns {string} "just now", "5 min. ago", "yesterday"
 */
export function ago(timestamp, now) {
  const seconds = (now - Date.parse(timestamp)) / 1000;
  for (const [unit, length] of STEPS) {
    if (seconds >= length) {
      return relative.format(-Math.floor(seconds / length), unit);
    }
  }
  return "just now";
}

/** @param {number} count @param {string} one @param {string} [many] @returns {string} "1 task", "2 tasks" */
export function counted(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}

/** @param {string} name @returns {string} one or two capital letters for an avatar */
export function initials(name) {
  const words = name.split(/[\s._-]+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map((word) => [...word][0]?.toUpperCase() ?? "").join("") || "?";
}

/** @param {string} name @returns {number} 0 to 5, the same for the same name everywhere */
export function hue(name) {
  let sum = 0;
  for (const character of name.toLowerCase()) {
    sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  }
  return sum % 6;
}
