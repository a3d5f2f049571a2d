/** The API as another client sees it: what a test does there is done by "somebody else". */

/** @param {string} url of the host */
export function apiOf(url) {
  const call = async (method, path, body) => {
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const answer = await fetch(`${url}/api/quick-win/boards${path}`, {
      method,
      headers: body === undefined ? {} : { "Content-Type": type },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!answer.ok) {
      throw new Error(`${method} ${path} gave ${answer.status}: ${await answer.text()}`);
    }
    return answer.status === 204 ? null : answer.json();
  };
  return {
    boards: async () => (await call("GET", "?events=0")).boards,
    board: (id) => call("GET", `/${id}`),
    addBoard: (name) => call("POST", "", { name }),
    renameBoard: (id, name) => call("PATCH", `/${id}`, { name }),
    deleteBoard: (id) => call("DELETE", `/${id}`),
    addTask: (id, task) => call("POST", `/${id}/tasks`, task),
    patchTask: (id, task, patch) => call("PATCH", `/${id}/tasks/${task}`, patch),
    deleteTask: (id, task) => call("DELETE", `/${id}/tasks/${task}`),
  };
}
