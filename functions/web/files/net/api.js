/** The HTTP side of quick-win mode: one function a call; what fails throws an `ApiError`. */

import { fromAnswer, unreachable } from "../model/problem.js";

/** @typedef {import("../model/types.js").Board} Board */
/** @typedef {import("../model/types.js").Task} Task */
/** @typedef {import("../model/types.js").Status} Status */

const BOARDS = "/api/quick-win/boards";
/** Longer than any answer should take; a request is given up then. */
const TIMEOUT_MS = 15_000;

/** @returns {Promise<Board[]>} every board with its tasks, without its events */
export async function listBoards() {
  return (await call("GET", `${BOARDS}?events=0`)).boards;
}

/** @param {string} name @returns {Promise<Board>} */
export function createBoard(name) {
  return call("POST", BOARDS, { name });
}

/** @param {number} id @returns {Promise<Board>} with its events */
export function getBoard(id) {
  return call("GET", `${BOARDS}/${id}`);
}

/** @param {number} id @param {string} name @param {number} [version] @returns {Promise<Board>} */
export function renameBoard(id, name, version) {
  return call("PATCH", `${BOARDS}/${id}`, { name }, version);
}

/** @param {number} id @returns {Promise<void>} */
export function deleteBoard(id) {
  return call("DELETE", `${BOARDS}/${id}`);
}

/**
 * @param {number} board
 * @param {{title: string, status?: Status, description?: string, assigned_to?: string}} task
 * @returns {Promise<Task>}
 */
export function addTask(board, task) {
  return call("POST", `${BOARDS}/${board}/tasks`, task);
}

/** @param {number} board @param {number} id @returns {Promise<Task>} */
export function getTask(board, id) {
  return call("GET", `${BOARDS}/${board}/tasks/${id}`);
}

/**
 * @param {number} board
 * @param {number} id
 * @param {Partial<Task>} patch a merge patch; null removes
 * @param {number} [version] refuse with 412 if the task has another one
 * @returns {Promise<Task>}
 */
export function patchTask(board, id, patch, version) {
  return call("PATCH", `${BOARDS}/${board}/tasks/${id}`, patch, version);
}

/** @param {number} board @param {number} id @returns {Promise<void>} */
export function deleteTask(board, id) {
  return call("DELETE", `${BOARDS}/${board}/tasks/${id}`);
}

/** @returns {Promise<{relay_url: string}>} where the page finds the relay; "" for the default */
export function getConfiguration() {
  return call("GET", "/config.json");
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {number} [version] for `If-Match`
 * @returns {Promise<any>}
 */
async function call(method, path, body, version) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (body !== undefined) {
    headers["Content-Type"] =
      method === "PATCH" ? "application/merge-patch+json" : "application/json";
  }
  if (version !== undefined) {
    headers["If-Match"] = `"${version}"`;
  }
  let answer;
  let text;
  try {
    answer = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    text = await answer.text();
  } catch {
    throw unreachable();
  }
  const value = parsed(text);
  if (!answer.ok) {
    throw fromAnswer(answer.status, value);
  }
  return value;
}

/** @param {string} text @returns {unknown} null where it is not JSON */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
