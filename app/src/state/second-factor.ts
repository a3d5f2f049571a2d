/** The codes that a log-in asks for beside the password. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { PasswordAndCode, SecondStep } from "../generated/api";
import { secondFactor } from "../utilities/request-access";
import { entered } from "./account";
import { useChange, useOnce } from "./change";
import { enter, useSession } from "./session";

/** The second step of a log-in. */
export function useSecondStep() {
  return useOnce({
    mutationFn: async (body: SecondStep) => enter(await secondFactor.takeStep(body)),
    onSuccess: entered,
  });
}

const KEY = "second-factor";

/** Whether a log-in asks for a code. */
export function useTotp() {
  const { status, user } = useSession();
  return useQuery({
    queryKey: [KEY, user?.id],
    enabled: status === "known",
    staleTime: 0,
    queryFn: () => secondFactor.read(),
  });
}

function useRefresh() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: [KEY] });
}

// What is shown this once is on the screen and nowhere else: `gcTime`.

export function useBeginTotp() {
  return useChange({
    mutationFn: (password: string) => secondFactor.begin(password),
    gcTime: 0,
  });
}

export function useConfirmTotp() {
  const onSettled = useRefresh();
  return useChange({
    mutationFn: (code: string) => secondFactor.confirm(code),
    gcTime: 0,
    onSettled,
  });
}

export function useReplaceCodes() {
  const onSettled = useRefresh();
  return useChange({
    mutationFn: (body: PasswordAndCode) => secondFactor.replaceCodes(body),
    gcTime: 0,
    onSettled,
  });
}

export function useDisableTotp() {
  const onSettled = useRefresh();
  return useChange({
    mutationFn: (body: PasswordAndCode) => secondFactor.disable(body),
    onSettled,
  });
}
