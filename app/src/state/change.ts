/** What a form sends, with what becomes of it. */

import {
  useMutation,
  type DefaultError,
  type UseMutationOptions,
  type UseMutationResult,
} from "@tanstack/react-query";
import { useEffect } from "react";
import { RequestError } from "../utilities/request";
import { onLoginAgain } from "./session";

/** A mutation that reports a missing login no longer than it is missing: what was typed can be sent again. */
export function useChange<Result, Variables>(
  options: UseMutationOptions<Result, DefaultError, Variables>,
): UseMutationResult<Result, DefaultError, Variables> {
  const mutation = useMutation(options);
  const { error, reset } = mutation;
  useEffect(
    () => (error instanceof RequestError && error.status === 401 ? onLoginAgain(reset) : undefined),
    [error, reset],
  );
  return mutation;
}
