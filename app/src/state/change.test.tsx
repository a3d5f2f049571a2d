import { act, renderHook } from "@testing-library/react-native";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useChange, useOnce, useRowChange } from "./change";

const client = new QueryClient({
  defaultOptions: { mutations: { gcTime: Infinity, networkMode: "always" } },
});
const wrapper = ({ children }: { readonly children: ReactNode }) => (
  <QueryClientProvider client={client}>{children}</QueryClientProvider>
);

/** A server that answers when it is told to, and what it was asked. */
function slowServer() {
  const asked: unknown[] = [];
  const answers: ((error?: Error) => void)[] = [];
  return {
    asked,
    mutationFn: (body: unknown) => {
      asked.push(body);
      return new Promise<void>((resolve, reject) =>
        answers.push((error) => (error === undefined ? resolve() : reject(error))),
      );
    },
    /** Until everything is known of the answer. */
    answer: (error?: Error) =>
      act(async () => {
        answers.shift()?.(error);
        await new Promise((resolve) => setTimeout(resolve, 0));
      }),
  };
}

it.each([
  ["of a user", useChange],
  ["of anybody", useOnce],
])(
  "a form %s sends nothing twice before it is drawn as busy, and again after an answer",
  async (_, use) => {
    const { asked, mutationFn, answer } = slowServer();
    const { result } = renderHook(() => use({ mutationFn }), { wrapper });
    const told: string[] = [];
    const press = (what: string) => {
      // Of one render, as two clicks in a row are.
      const { mutate, mutateAsync } = result.current;
      return act(async () => {
        mutate(what, { onSuccess: () => told.push(what), onError: () => told.push(`no ${what}`) });
        mutate(`${what}, typed on`, { onSuccess: () => told.push("twice") });
        void mutateAsync(what).then(() => told.push("twice"));
        await Promise.resolve();
      });
    };
    await press("first");
    expect(asked).toEqual(["first"]);
    await answer(new Error("no network"));
    await press("second");
    expect(asked).toEqual(["first", "second"]);
    await answer();
    await press("third");
    await answer();
    expect(asked).toEqual(["first", "second", "third"]);
    expect(told).toEqual(["no first", "second", "third"]);
  },
);

it("a form whose outcome is forgotten while it runs sends again after that", async () => {
  const { asked, mutationFn, answer } = slowServer();
  const { result } = renderHook(() => useChange({ mutationFn }), { wrapper });
  await act(async () => result.current.mutate("first"));
  await act(async () => result.current.reset());
  await act(async () => result.current.mutate("while it runs"));
  await answer();
  await act(async () => result.current.mutate("second"));
  await answer();
  expect(asked).toEqual(["first", "second"]);
});

it("rows of a list are changed side by side, each once; of choices none is lost", async () => {
  const { asked, mutationFn, answer } = slowServer();
  const { result } = renderHook(() => useRowChange({ mutationFn }), { wrapper });
  const { mutate } = result.current;
  await act(async () =>
    [1, 1, 2, { role: "editor" }, { role: "editor" }].forEach((row) => mutate(row)),
  );
  expect(asked).toEqual([1, 2, { role: "editor" }, { role: "editor" }]);
  while (asked.length > 0) {
    asked.pop();
    await answer();
  }
  await act(async () => mutate(1));
  await answer();
  expect(asked).toEqual([1]);
});
