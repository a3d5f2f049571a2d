/** What a form or a button sends, once however fast it is pressed again, with what becomes of it. */

import {
  useMutation,
  type DefaultError,
  type UseMutationOptions,
  type UseMutationResult,
} from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { RequestError } from "../utilities/request";
import { onLoginAgain } from "./session";

type Options<Result, Variables> = UseMutationOptions<Result, DefaultError, Variables>;
type Outcome<Result, Variables> = UseMutationResult<Result, DefaultError, Variables>;

/**
 * A mutation that is ignored while the one before it runs. That is known at once: `isPending` is of the
 * last render, and a second click may come before the next.
 *
 * @param sameAs of what is sent: only those of which it gives the same are one thing
 */
function useGuarded<Result, Variables>(
  options: Options<Result, Variables>,
  sameAs: (variables: unknown) => unknown,
): Outcome<Result, Variables> {
  const running = useRef(new Set<unknown>());
  const mutation = useMutation<Result, DefaultError, Variables>({
    ...options,
    onSettled: async (...settled) => {
      try {
        await options.onSettled?.(...settled);
      } finally {
        running.current.delete(sameAs(settled[2]));
      }
    },
  });
  const run = mutation.mutateAsync;
  const mutateAsync = useCallback(
    (...sent: Parameters<typeof run>) => {
      const key = sameAs(sent[0]);
      // The first one's callbacks say what becomes of it: this one's have nothing to say, ever.
      if (running.current.has(key)) return new Promise<Result>(() => undefined);
      running.current.add(key);
      return run(...sent);
    },
    [run, sameAs],
  );
  const mutate = useCallback(
    (...sent: Parameters<typeof run>) => {
      mutateAsync(...sent).catch(() => undefined);
    },
    [mutateAsync],
  );
  return { ...mutation, mutate, mutateAsync };
}

/** Forgets a missing login no later than it is there again: what was typed can be sent again. */
function useLoginAgain<Result, Variables>(
  mutation: Outcome<Result, Variables>,
): Outcome<Result, Variables> {
  const { error, reset } = mutation;
  useEffect(
    () => (error instanceof RequestError && error.status === 401 ? onLoginAgain(reset) : undefined),
    [error, reset],
  );
  return mutation;
}

const all = () => null;
const itself = (variables: unknown) => variables;

/** What is sent without a login, or ends it: one at a time. */
export function useOnce<Result, Variables>(options: Options<Result, Variables>) {
  return useGuarded(options, all);
}

/** What a form sends of a user who is logged in: one at a time. */
export function useChange<Result, Variables>(options: Options<Result, Variables>) {
  return useLoginAgain(useGuarded(options, all));
}

/**
 * What is done to the rows of a list: many at a time. Only what is sent as a mere id is ignored while the
 * same runs; choices are not, as the last one counts.
 */
export function useRowChange<Result, Variables>(options: Options<Result, Variables>) {
  return useLoginAgain(useGuarded(options, itself));
}
