/** One's e-mail address. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Email, EmailEnd, ForgottenPassword, MailWish, NewEmail } from "../generated/api";
import { email } from "../utilities/request-email";
import { useChange, useOnce } from "./change";
import { forgetLink } from "./links";
import { learnConfiguration, useSession } from "./session";

const KEY = "email";

/** Whether the server sends mails: it is asked where that is looked at. */
export function useMail(): boolean {
  useEffect(() => {
    learnConfiguration().catch(() => undefined);
  }, []);
  return useSession((session) => session.mail);
}

/** How often it is read again while it waits to be confirmed, which happens elsewhere, in milliseconds. */
const PENDING_INTERVAL = 5_000;

export function useEmail() {
  const { status, user } = useSession();
  return useQuery({
    queryKey: [KEY, user?.id],
    enabled: status === "known",
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.pending ? PENDING_INTERVAL : false),
    queryFn: () => email.read(),
  });
}

/** A change whose answer is what there is from now on. */
function useEmailChange<Variables>(change: (variables: Variables) => Promise<Email>) {
  const client = useQueryClient();
  const user = useSession((session) => session.user?.id);
  return useChange({
    mutationFn: change,
    onSuccess: (status) => client.setQueryData([KEY, user], status),
  });
}

export function useSetEmail() {
  return useEmailChange((body: NewEmail) => email.set(body));
}

export function useResendEmail() {
  return useEmailChange((body: MailWish) => email.resend(body));
}

export function useVerifyEmail() {
  return useEmailChange(async (token: string) => {
    const status = await email.verify(token);
    forgetLink("verify-email");
    return status;
  });
}

export function useRemoveEmail() {
  return useEmailChange(async (body: EmailEnd): Promise<Email> => {
    await email.remove(body);
    return { address: null, verified_at: null, pending: null };
  });
}

export function useForgotPassword() {
  return useOnce({ mutationFn: (body: ForgottenPassword) => email.forgot(body) });
}
