/** The end of an account: what becomes of its boards, and the password once more. */

import { useEffect, useRef, useState } from "react";
import { StyleSheet, View } from "react-native";
import {
  Banner,
  Button,
  Dialog,
  Link,
  Text,
  TextField,
  toast,
  type Focusable,
} from "../../components";
import { startAt } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import { useDeleteAccount } from "../../state/access";
import { unsentOnDevice } from "../../sync";
import { useSession } from "../../state/session";
import { useIdentities } from "../../state/sign-in";
import { spacing } from "../../theme";
import { clock, useCountdown } from "../../utilities/countdown";
import { fieldErrors, isWrongCredentials, RequestError } from "../../utilities/request";
import { ownedBoards, type OwnedBoard } from "../../utilities/request-access";
import { deviceStorage } from "../../utilities/storage";
import { useTexts } from "../../utilities/texts";
import { useAccessTexts } from "../../utilities/texts/access";
import { errorText } from "../../utilities/texts/errors";
import { retryAt } from "../account/account-notices";
import { Section } from "../profile/section";
import { TickBox } from "../../components/tick-box";

export function DeleteAccount() {
  const texts = useAccessTexts().leave;
  const [open, setOpen] = useState(false);
  return (
    <Section title={texts.title}>
      <Text tone="textMuted">{texts.intro}</Text>
      <Button
        icon="trash"
        label={texts.open}
        onPress={() => setOpen(true)}
        web={{ "aria-haspopup": "dialog" }}
        style={styles.button}
      />
      {open && <DeleteDialog onClose={() => setOpen(false)} />}
    </Section>
  );
}

/** How many changes on this device would be lost. */
function useUnsent(): number {
  const user = useSession((session) => session.user?.id);
  const [count, setCount] = useState(0);
  useEffect(() => {
    void unsentOnDevice(deviceStorage, `${user}/teams/`).then(setCount);
  }, [user]);
  return count;
}

/** The only thing that can be wrong with the password is that it is another. */
const isWrong = (error: unknown) => "password" in fieldErrors(error) || isWrongCredentials(error);

function useDeletion() {
  const { account } = useTexts();
  const texts = useAccessTexts().leave;
  const {
    mutate,
    isPending: busy,
    error,
  } = useDeleteAccount(() => {
    startAt(paths.home);
    toast(texts.gone);
  });
  const hasPassword = useIdentities().data?.password ?? true;
  const [password, setPassword] = useState("");
  const [withBoards, setWithBoards] = useState(false);
  const [tried, setTried] = useState(false);
  const [changed, setChanged] = useState(false);
  const [until, setUntil] = useState<number | null>(null);
  const wait = useCountdown(until);
  const field = useRef<Focusable>(null);
  const wrong = isWrong(error);
  const lacks = hasPassword && password === "";
  const missing = tried && lacks ? account.passwordMissing : undefined;
  const submit = () => {
    setTried(true);
    if (lacks) field.current?.focus();
    if (lacks || wait > 0 || busy) return;
    setChanged(false);
    mutate(
      { ...(hasPassword ? { password } : {}), delete_boards: withBoards },
      {
        onError: (failure) => {
          setUntil(retryAt(failure));
          if (isWrong(failure)) field.current?.focus();
        },
      },
    );
  };
  const write = (typed: string) => {
    setPassword(typed);
    setChanged(true);
  };
  const fault = missing ?? (wrong && !changed ? account.passwordWrong : undefined);
  const told = wrong ? null : error;
  return {
    hasPassword,
    password,
    write,
    fault,
    withBoards,
    setWithBoards,
    error: told,
    wait,
    busy,
    submit,
    field,
  };
}

function DeleteDialog({ onClose }: { readonly onClose: () => void }) {
  const { account, kit } = useTexts();
  const texts = useAccessTexts().leave;
  const unsent = useUnsent();
  const form = useDeletion();
  const { field, password, write, fault, withBoards, setWithBoards, error, wait, busy, submit } =
    form;
  const owned = ownedBoards(error);
  return (
    <Dialog
      title={texts.title}
      onClose={onClose}
      actions={
        <>
          <Button label={kit.cancel} onPress={onClose} />
          <Button
            kind="danger"
            label={texts.confirm}
            busy={busy}
            disabled={wait > 0}
            onPress={submit}
          />
        </>
      }
    >
      <Text>{texts.intro}</Text>
      <Text>{texts.boards}</Text>
      {unsent > 0 && <Banner tone="danger">{texts.lost(unsent)}</Banner>}
      {owned === undefined ? (
        <Refusal error={error} wait={wait} />
      ) : (
        <InTheWay boards={owned} chosen={withBoards} onChoose={setWithBoards} onLeave={onClose} />
      )}
      {form.hasPassword && (
        <TextField
          ref={field}
          label={account.password}
          value={password}
          onChangeText={write}
          error={fault}
          autoComplete="current-password"
          password
          required
          onSubmit={submit}
        />
      )}
    </Dialog>
  );
}

function Refusal({ error, wait }: { readonly error: Error | null; readonly wait: number }) {
  const all = useTexts();
  const texts = useAccessTexts().leave;
  if (error === null) return null;
  const last = error instanceof RequestError && error.type === "/problems/last-admin";
  return (
    <Banner tone="danger" title={texts.failed} ticking={wait > 0}>
      {wait > 0
        ? all.account.tryAgainIn(clock(wait))
        : last
          ? texts.lastAdmin
          : errorText(error, all)}
    </Banner>
  );
}

/** The boards that need an owner first, each with the way to its members. */
function InTheWay({
  boards,
  chosen,
  onChoose,
  onLeave,
}: {
  readonly boards: readonly OwnedBoard[];
  readonly chosen: boolean;
  readonly onChoose: (chosen: boolean) => void;
  readonly onLeave: () => void;
}) {
  const texts = useAccessTexts().leave;
  return (
    <>
      <Banner tone="danger" title={texts.owned}>
        {texts.ownedHint}
      </Banner>
      <View role="list" style={styles.boards}>
        {boards.map(({ id, name, members }) => (
          <View key={id} role="listitem">
            <Link
              to={paths.members(id)}
              label={texts.boardOf(name, texts.members(members))}
              onPress={onLeave}
            />
          </View>
        ))}
      </View>
      <View style={styles.choice}>
        <TickBox label={texts.withBoards} checked={chosen} onChange={onChoose} />
        <Text onPress={() => onChoose(!chosen)} style={styles.grow}>
          {texts.withBoards}
        </Text>
      </View>
    </>
  );
}

const styles = StyleSheet.create({
  button: { alignSelf: "flex-start" },
  boards: { gap: spacing.s },
  choice: { flexDirection: "row", alignItems: "center", gap: spacing.s },
  grow: { flex: 1 },
});
