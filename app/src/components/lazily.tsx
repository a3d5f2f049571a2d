/** Parts of the app that are loaded when they are first shown: a first visit does not pay for them. */

import { useCallback, useEffect, useState, type ComponentType } from "react";
import { View } from "react-native";
import { useTexts } from "../utilities/texts";
import { Banner, EmptyState } from "./banner";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { Spinner } from "./spinner";

/** A part on its way. */
interface Loading<Props> {
  /** null: it is not there yet. */
  readonly Part: ComponentType<Props> | null;
  readonly failed: boolean;
  readonly retry: () => void;
}

/** @returns a hook that loads the part when it is first used */
function loading<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): () => Loading<Props> {
  let loaded: ComponentType<Props> | null = null;
  return function useLoading() {
    const [Part, setPart] = useState(() => loaded);
    const [failed, setFailed] = useState(false);
    const retry = useCallback(() => {
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
      if (loaded === null) retry();
    }, [retry]);
    return { Part, failed, retry };
  };
}

/**
 * The placeholder of a part until it is loaded, which says so if it cannot be: without a network, or
 * because the server has a newer app by now. (`React.lazy` never tries again.)
 *
 * @param load `() => import("./part").then(({ Part }) => Part)`
 * @param how `quiet`: nobody waits for it, and a failure is not shown
 */
export function lazily<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  how: "announced" | "quiet" = "announced",
): ComponentType<Props> {
  const useLoading = loading(load);
  return function Lazily(props: Props) {
    const { Part, failed, retry } = useLoading();
    if (Part !== null) {
      return <Part {...props} />;
    }
    if (how === "quiet") {
      return null;
    }
    return failed ? <Failed onRetry={retry} /> : <Spinner />;
  };
}

/** The same for a dialog: what is said until it is there is a dialog as well, and can be closed. */
export function lazyDialog<Props extends { readonly onClose: () => void }>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  const useLoading = loading(load);
  return function LazyDialog(props: Props) {
    const { Part, failed, retry } = useLoading();
    const { kit } = useTexts();
    if (Part !== null) {
      return <Part {...props} />;
    }
    return (
      <Dialog
        title={failed ? kit.partFailed : kit.loading}
        onClose={props.onClose}
        actions={
          <>
            <Button label={kit.cancel} onPress={props.onClose} />
            {failed && <Button kind="primary" label={kit.retry} onPress={retry} />}
          </>
        }
      >
        {failed ? <Banner tone="danger">{kit.partFailedHint}</Banner> : <Spinner />}
      </Dialog>
    );
  };
}

/** It is where something was asked for, perhaps out of sight: it is read out. */
function Failed({ onRetry }: { readonly onRetry: () => void }) {
  const { kit } = useTexts();
  return (
    <View role="alert">
      <EmptyState
        icon="offline"
        title={kit.partFailed}
        actions={<Button kind="primary" label={kit.retry} onPress={onRetry} />}
      >
        {kit.partFailedHint}
      </EmptyState>
    </View>
  );
}
