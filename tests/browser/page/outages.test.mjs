import assert from "node:assert/strict";
import { test } from "node:test";
import { openApp } from "../harness/app.mjs";
import { eventually } from "../harness/eventually.mjs";
import { useStage } from "../harness/stage.mjs";

const stage = useStage({ full: true, accounts: ["ada"] });
const { ada } = stage.people;

const COLUMNS = [
  ["todo", "To do"],
  ["in_progress", "In progress"],
  ["finished", "Finished"],
];

/** The server's cards, by the columns' names. */
async function truth(api, id) {
  const { tasks } = await api.board(id);
  return COLUMNS.map(([key]) =>
    tasks.filter(({ status }) => status === key).map(({ title }) => title),
  );
}

const shown = (board) =>
  Promise.all(COLUMNS.map(([, name]) => board.titles(name)));

for (const { mode, root, api, account } of [
  {
    mode: "quick-win",
    root: "/quick-win/boards",
    api: () => stage.api,
    account: () => null,
  },
  {
    mode: "state-of-the-art",
    root: "/boards",
    api: () => ada.api,
    account: () => ada,
  },
]) {
  test(`RT2, RT5: three windows receive changes while the relay is killed twice: each shows offline, then exactly what the server has (${mode})`, async () => {
    const board = await api().addBoard("Through the storm");
    const windows = await Promise.all(
      [1, 2, 3].map(() => openApp(stage, { account: account() })),
    );
    for (const window of windows) {
      await window.go(`${root}/${board.id}`);
      await window.board.isLive();
    }
    let going = true;
    const traffic = (async () => {
      for (let count = 1; going && count <= 60; count += 1) {
        const task = await api().addTask(board.id, { title: `Task ${count}` });
        await api().patchTask(board.id, task.id, {
          status: COLUMNS[count % 3][0],
        });
        // The pace of a busy user: without it everything would be done before the relay is killed.
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    for (let round = 1; round <= 2; round += 1) {
      await eventually(
        "changes arrive",
        async () => (await shown(windows[0].board)).flat().length >= round * 3,
      );
      await stage.servers.relay.end("SIGKILL");
      for (const { board: seen } of windows) {
        await eventually(
          "it shows that it is not live",
          async () =>
            !/^live/iu.test(await seen.connection.first().innerText()),
        );
      }
      await stage.servers.relay.start();
      await Promise.all(windows.map((window) => window.board.isLive(30_000)));
    }
    going = false;
    await traffic;
    const wanted = JSON.stringify(await truth(api(), board.id));
    for (const { board: seen } of windows) {
      await eventually(
        "it shows what the server has",
        async () => JSON.stringify(await shown(seen)) === wanted,
      );
    }
    await Promise.all(windows.map((window) => window.close()));
  });
}

test("RT8: a change made elsewhere while the relay is unavailable is announced as such, and shown once it is back", async (t) => {
  const board = await ada.api.addBoard("Quiet");
  const window = await openApp(stage, { account: ada });
  await window.go(`/boards/${board.id}`);
  await window.board.isLive();
  t.after(() => stage.servers.relay.running || stage.servers.relay.start());
  await stage.servers.relay.end("SIGKILL");
  await eventually("it shows offline", async () =>
    /offline/iu.test(await window.board.connection.first().innerText()),
  );
  await ada.api.addTask(board.id, { title: "Meanwhile" });
  assert.deepEqual(await window.board.titles("To do"), []);
  await window.board.add("To do", "From here");
  await eventually("the server has named it", async () =>
    /\/tasks\/\d+$/u.test(
      await window.board.card("From here").getAttribute("href"),
    ),
  );
  // The server's answers are shown without the relay, and undone changes as well.
  await window.board.moveByMenu("From here", "Finished");
  await window.board.shows("Finished", ["From here"]);
  await eventually("the server has it", async () => {
    const { tasks } = await ada.api.board(board.id);
    return tasks.some(({ status }) => status === "finished");
  });
  await window.page.getByRole("button", { name: "Undo", exact: true }).click();
  await window.page.getByText(/^Undone/u).waitFor();
  await window.board.shows("To do", ["From here"]);
  await stage.servers.relay.start();
  await window.board.isLive(30_000);
  await window.board.shows("To do", ["Meanwhile", "From here"]);
  await window.close();
});
