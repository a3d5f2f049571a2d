/** Problem documents (RFC 9457) and lost connections, turned into words and fields. */

/** @typedef {import("./types.js").Problem} Problem */

/** What an API call that did not succeed throws. */
export class ApiError extends Error {
  /**
   * @param {Problem} problem
   */
  constructor(problem) {
    super(problem.detail || problem.title);
    this.name = "ApiError";
    this.problem = problem;
  }

  /** @returns {number} the HTTP status, 0 when there was no answer at all */
  get status() {
    return this.problem.status;
  }
}

/** @returns {ApiError} for a request that got no answer */
export function unreachable() {
  return new ApiError({
    type: "about:blank",
    title: "The server cannot be reached",
    status: 0,
    detail: "The server cannot be reached, so nothing was changed.",
  });
}

/**
 * @param {number} status
 * @param {unknown} body the parsed JSON of the answer, or null
 * @returns {ApiError}
 */
export function fromAnswer(status, body) {
  const known = typeof body === "object" && body !== null && "title" in body;
  return new ApiError(
    known
      ? { .../** @type {Problem} */ (body), status }
      : { type: "about:blank", title: `The server answered ${status}`, status },
  );
}

/**
 * @param {unknown} error
 * @param {Record<string, string>} labels field to what people call it
 * @returns {{fields: Record<string, string>, rest: string}} a sentence for each field of the form,
 *   and what belongs to none of them ("" when there is nothing else)
 */
export function sentences(error, labels) {
  if (!(error instanceof ApiError)) {
    return { fields: {}, rest: "Something on this page went wrong. Reload it and try again." };
  }
  /** @type {Record<string, string>} */
  const fields = {};
  /** @type {string[]} */
  const rest = [];
  for (const { pointer, detail } of error.problem.errors ?? []) {
    const field = fieldOf(pointer);
    if (field in labels) {
      fields[field] = `${labels[field]} ${withStop(detail)}`;
    } else {
      rest.push(`${pointer}: ${withStop(detail)}`);
    }
  }
  if (rest.length === 0 && Object.keys(fields).length === 0) {
    rest.push(summary(error));
  }
  return { fields, rest: rest.join(" ") };
}

/** @param {unknown} error @returns {string} the whole in one sentence or two, for a toast */
export function summary(error) {
  if (!(error instanceof ApiError)) {
    return "Something on this page went wrong. Reload it and try again.";
  }
  const { title, detail, status, request_id: request, errors } = error.problem;
  const words = errors?.length
    ? errors.map((fault) => `${fieldOf(fault.pointer)} ${withStop(fault.detail)}`).join(" ")
    : withStop(detail || title);
  // A fault of the server is found in its log by this number.
  return status >= 500 && request ? `${words} (Request ${request})` : words;
}

/** @param {string} pointer "/title" @returns {string} "title" */
function fieldOf(pointer) {
  return pointer.replace(/^[/?]/u, "").split("/")[0].replaceAll("~1", "/").replaceAll("~0", "~");
}

/** @param {string} sentence @returns {string} */
function withStop(sentence) {
  return /[.!?…]$/u.test(sentence) ? sentence : `${sentence}.`;
}
