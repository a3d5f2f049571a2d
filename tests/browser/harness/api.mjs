/** The API as another client uses it: for changes by another user. */

/**
 * @param {string} root of the paths
 * @param {Record<string, string>} [headers] of every request
 */
function caller(root, headers = {}) {
  return async (method, path, body) => {
    const type =
      method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const answer = await fetch(`${root}${path}`, {
      method,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { "Content-Type": type }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!answer.ok) {
      throw new Error(
        `${method} ${path} gave ${answer.status}: ${await answer.text()}`,
      );
    }
    return answer.status === 204 ? null : answer.json();
  };
}

/** @param {ReturnType<typeof caller>} call whose root is the boards' path */
function boardsBy(call) {
  return {
    board: (id) => call("GET", `/${id}`),
    addBoard: (name, more = {}) => call("POST", "", { name, ...more }),
    patchBoard: (id, patch) => call("PATCH", `/${id}`, patch),
    deleteBoard: (id) => call("DELETE", `/${id}`),
    addTask: (id, task) => call("POST", `/${id}/tasks`, task),
    patchTask: (id, task, patch) =>
      call("PATCH", `/${id}/tasks/${task}`, patch),
    deleteTask: (id, task) => call("DELETE", `/${id}/tasks/${task}`),
  };
}

/** Quick-win mode. @param {string} url of the host */
export function apiOf(url) {
  return boardsBy(caller(`${url}/api/quick-win/boards`));
}

/** @typedef {{username: string, token: string, api: ReturnType<typeof teamsApi>}} Person */

/** State-of-the-art mode. @param {string} url of the host */
export function accountsOf(url) {
  const enter = async (path, username) => {
    const login = await caller(`${url}/api/auth`)("POST", path, {
      username,
      password: PASSWORD,
    });
    return { username, token: login.token, api: teamsApi(url, login.token) };
  };
  return {
    /** @param {string} username */
    register: (username) => enter("/register", username),
    /** @param {string} username */
    logIn: (username) => enter("/login", username),
  };
}

/** The password of every user of the tests. */
export const PASSWORD = "correct horse battery";

/** @param {string} url @param {string} token */
function teamsApi(url, token) {
  const headers = { Authorization: `Bearer ${token}` };
  const call = caller(`${url}/api/boards`, headers);
  return {
    ...boardsBy(call),
    importBoard: (document) => call("POST", "/import", document),
    addMember: (id, username, role) =>
      call("PUT", `/${id}/members/${username}`, { role }),
    removeMember: (id, username) =>
      call("DELETE", `/${id}/members/${username}`),
    restoreBoard: (id) => call("POST", `/${id}/restore`),
    addComment: (id, task, body) =>
      call("POST", `/${id}/tasks/${task}/comments`, { body }),
    comments: (id, task) => call("GET", `/${id}/tasks/${task}/comments`),
    addChecklist: (id, task, title) =>
      call("POST", `/${id}/tasks/${task}/checklists`, { title }),
    addItem: (id, task, list, text) =>
      call("POST", `/${id}/tasks/${task}/checklists/${list}/items`, { text }),
    /** Each list's title with its items' texts, ticked ones in brackets. */
    checklists: async (id, task) => {
      const { items } = await call("GET", `/${id}/tasks/${task}/checklists`);
      return items.map(({ title, items: its }) => [
        title,
        ...its.map(({ text, done }) => (done ? `[${text}]` : text)),
      ]);
    },
    logOut: () =>
      caller(`${url}/api/auth`, headers)("POST", "/logout?everywhere=true"),
  };
}
