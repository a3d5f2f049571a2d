/** The activity as a file, for auditors: everything under the filter, oldest first. */

import { useState } from "react";
import { Button, toast } from "../../components";
import { activityFile } from "../../state/admin";
import { saveFile } from "../../utilities/files";
import type { ActivityFilter } from "../../utilities/request-admin";
import { useAdminTexts } from "../../utilities/texts/admin";

export function SaveActivity({ filter }: { readonly filter: ActivityFilter }) {
  const texts = useAdminTexts().activity;
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      const { content, whole } = await activityFile(filter);
      await saveFile("activity.csv", content, "text/csv;charset=utf-8");
      toast(whole ? texts.csvDone : texts.csvCut, { tone: whole ? "success" : "warning" });
    } catch {
      toast(texts.csvFailed, { tone: "danger" });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      size="small"
      icon="download"
      label={busy ? texts.csvBusy : texts.csv}
      busy={busy}
      onPress={() => void save()}
    />
  );
}
