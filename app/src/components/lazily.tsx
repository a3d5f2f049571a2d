/** Parts of the app that are loaded when they are first shown: a first visit does not pay for them. */

import { useCallback, useEffect, useState, type ComponentType } from "react";
import { useTexts } from "../utilities/texts";
import { EmptyState } from "./banner";
import { Button } from "./button";
import { Spinner } from "./spinner";

/**
 * What stands for a part until it is there, and says so where it cannot be had: without a network, or
 * because the server has a newer app by now. (`React.lazy` never tries again.)
 *
 * @param load `() => import("./part").then(({ Part }) => Part)`
 * @param how `quiet`: nobody waits for it, and nothing is said where it is not there
 */
export function lazily<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  how: "told" | "quiet" = "told",
): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null;
  return function Lazily(props: Props) {
    const [Part, setPart] = useState(() => loaded);
    const [failed, setFailed] = useState(false);
    const begin = useCallback(() => {
      setFailed(false);
      load().then(
        (part) => {
          loaded = part;
          setPart(() => part);
        },
        () => setFailed(true),
      );
    }, []);
    useEffect(() => {
      if (loaded === null) begin();
    }, [begin]);
    if (Part !== null) {
      return <Part {...props} />;
    }
    if (how === "quiet") {
      return null;
    }
    return failed ? <Failed onRetry={begin} /> : <Spinner />;
  };
}

function Failed({ onRetry }: { readonly onRetry: () => void }) {
  const { kit } = useTexts();
  return (
    <EmptyState
      icon="offline"
      title={kit.partFailed}
      actions={<Button kind="primary" label={kit.retry} onPress={onRetry} />}
    >
      {kit.partFailedHint}
    </EmptyState>
  );
}
