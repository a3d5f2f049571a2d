/** Passkeys: to log in by one, and those of the user. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { OwnProof } from "../generated/api";
import { makePasskey, askForPasskey } from "../utilities/passkey-browser";
import { passkeys } from "../utilities/request-passkeys";
import { entered } from "./account";
import { useChange, useOnce } from "./change";
import { enter, useSession } from "./session";

const KEY = "passkeys";

/** The fields of a form that changes how one logs in. */
export interface ProofForm extends OwnProof {
  readonly name: string;
}

/** Asks the browser for a passkey, and logs in by it. */
export function useLogInByPasskey() {
  return useOnce({
    mutationFn: async () => {
      const credential = await askForPasskey(await passkeys.loginOptions());
      return enter(await passkeys.logIn(credential));
    },
    onSuccess: entered,
  });
}

export function usePasskeys() {
  const { status, user } = useSession();
  return useQuery({
    queryKey: [KEY, user?.id],
    enabled: status === "known",
    staleTime: 0,
    queryFn: () => passkeys.list(),
  });
}

function useRefresh() {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: [KEY] }),
      client.invalidateQueries({ queryKey: ["sessions"] }),
    ]);
}

/** Has the browser make one. */
export function useAddPasskey() {
  const onSettled = useRefresh();
  return useChange({
    mutationFn: async (form: ProofForm) => {
      const credential = await makePasskey(await passkeys.options(form));
      await passkeys.add(form.name, credential);
    },
    onSettled,
  });
}

export function useRenamePasskey(id: number) {
  const onSettled = useRefresh();
  return useChange({
    mutationFn: async ({ name }: ProofForm) => {
      await passkeys.rename(id, name);
    },
    onSettled,
  });
}

export function useRemovePasskey(id: number) {
  const onSettled = useRefresh();
  return useChange({
    mutationFn: ({ password, code }: ProofForm) => passkeys.remove(id, { password, code }),
    onSettled,
  });
}
