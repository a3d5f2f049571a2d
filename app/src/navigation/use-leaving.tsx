/** Logging out, with a question where that leaves something behind. */

import { useState } from "react";
import { ConfirmDialog } from "../components/dialog";
import { useLogOut } from "../state/account";
import { unsentOnDevice } from "../sync";
import { useSession } from "../state/session";
import { toast } from "../state/toasts";
import { deviceStorage } from "../utilities/storage";
import { useTexts } from "../utilities/texts";
import { errorText } from "../utilities/texts/errors";

interface Question {
  readonly everywhere: boolean;
  /** How many changes wait on this device. */
  readonly unsent: number;
}

/**
 * @param onLeft called when nobody is logged in any more
 * @returns `question` is to be drawn, beside whatever asks
 */
export function useLeaving(onLeft: () => void) {
  const texts = useTexts();
  const { account } = texts;
  const user = useSession((session) => session.user);
  const logOut = useLogOut(onLeft);
  const [question, setQuestion] = useState<Question | null>(null);
  const leave = (everywhere: boolean) =>
    logOut.mutate(everywhere, {
      onError: (error) => toast(errorText(error, texts), { tone: "danger" }),
      onSettled: () => setQuestion(null),
    });
  const ask = (everywhere: boolean) => {
    if (everywhere) setQuestion({ everywhere, unsent: 0 });
    void unsentOnDevice(deviceStorage, `${user?.id}/teams/`).then((unsent) => {
      if (everywhere) setQuestion((asked) => asked && { ...asked, unsent });
      else if (unsent > 0) setQuestion({ everywhere, unsent });
      else leave(false);
    });
  };
  const verb = question?.everywhere === true ? account.logOutEverywhere : account.logOutHere;
  return {
    ask,
    question: question !== null && (
      <ConfirmDialog
        title={verb}
        message={[
          ...(question.everywhere ? [account.logOutEverywhereText] : []),
          ...(question.unsent > 0
            ? [account.logOutUnsent(question.unsent, user?.username ?? "")]
            : []),
        ].join(" ")}
        confirm={verb}
        danger={question.everywhere}
        busy={logOut.isPending}
        onConfirm={() => leave(question.everywhere)}
        onClose={() => setQuestion(null)}
      />
    ),
  };
}
