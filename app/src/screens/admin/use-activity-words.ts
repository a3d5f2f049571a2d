/** Puts entries of the activity into words, in the user's language. */

import { useCallback } from "react";
import type { Activity } from "../../generated/api";
import { useNameOf } from "../../state/names";
import { useTexts } from "../../utilities/texts";
import { useFormats } from "../../utilities/texts/formats";
import { useAdminTexts } from "../../utilities/texts/admin";
import { activityWords } from "./words";

export function useActivityWords(): (activity: Activity) => string {
  const texts = useTexts().board;
  const admin = useAdminTexts();
  const { due: date, start } = useFormats();
  const nameOf = useNameOf();
  return useCallback(
    (activity: Activity) => activityWords(activity, { texts, admin, date, start, nameOf }),
    [texts, admin, date, start, nameOf],
  );
}
