/** What makes a token for a program, and shows it this once. */

import { useRef, useState } from "react";
import { StyleSheet, View } from "react-native";
import {
  Banner,
  Button,
  SegmentedControl,
  Select,
  Text,
  TextField,
  toast,
  type Focusable,
} from "../../components";
import { TickBox } from "../../components/tick-box";
import type { NewApiToken } from "../../generated/api";
import { useMakeApiToken } from "../../state/api-tokens";
import { useBoards } from "../../state/queries";
import { spacing } from "../../theme";
import { lengthFault } from "../../utilities/checks";
import { copyText } from "../../utilities/clipboard";
import { LIMITS } from "../../utilities/limits";
import { fieldErrors, RequestError } from "../../utilities/request";
import { useTexts } from "../../utilities/texts";
import { useAccessTexts } from "../../utilities/texts/access";
import { errorText } from "../../utilities/texts/errors";
import { seenLine } from "../../utilities/visible";
import { useKeeping, type OnUnkept } from "./shown-once";

const SCOPES = ["read", "write", "admin"] as const;
const DAYS = ["30", "90", "365", "never"] as const;

type Scope = (typeof SCOPES)[number];
type Days = (typeof DAYS)[number];

/** What is chosen of a token, and what sends it. */
function useNewToken(board: number | null) {
  const all = useTexts();
  const texts = useAccessTexts().tokens;
  const make = useMakeApiToken(board);
  const [name, setName] = useState("");
  const [scope, setScope] = useState<Scope>("read");
  const [days, setDays] = useState<Days>("90");
  const [some, setSome] = useState(false);
  const [boards, setBoards] = useState<readonly number[]>([]);
  const [tried, setTried] = useState(false);
  const field = useRef<Focusable>(null);
  const missing = seenLine(name) === "" ? texts.nameMissing : undefined;
  const fault = missing ?? lengthFault(name, LIMITS.tokenName, all);
  const noBoard = some && boards.length === 0;
  const submit = () => {
    setTried(true);
    if (fault !== undefined) field.current?.focus();
    if (fault !== undefined || noBoard) return;
    const body: NewApiToken = {
      name: seenLine(name),
      scope,
      expires_in_days: days === "never" ? null : Number(days),
      ...(some ? { boards: [...boards] } : {}),
    };
    make.mutate(body, {
      onSuccess: () => {
        setName("");
        setTried(false);
      },
    });
  };
  const choose = (id: number, chosen: boolean) =>
    setBoards(chosen ? [...boards, id] : boards.filter((other) => other !== id));
  const nameError = (tried ? fault : undefined) ?? fieldErrors(make.error)["name"];
  return {
    make,
    field,
    submit,
    name: { value: name, onChangeText: setName, error: nameError },
    scope: { value: scope, onChange: setScope },
    days: { value: days, onChange: setDays },
    some: { value: some ? "some" : "all", onChange: (value: string) => setSome(value === "some") },
    chosen: some ? { boards, choose, missing: tried && noBoard } : null,
  };
}

export function NewToken({
  board,
  onUnkept,
}: {
  readonly board: number | null;
  readonly onUnkept: OnUnkept;
}) {
  const all = useTexts();
  const texts = useAccessTexts().tokens;
  const { make, field, submit, name, scope, days, some, chosen } = useNewToken(board);
  const { data: made, error } = make;
  const full = error instanceof RequestError && error.type === "/problems/limit-reached";
  return (
    <View style={styles.part}>
      <TextField
        ref={field}
        {...name}
        label={texts.name}
        hint={texts.nameHint}
        autoComplete="off"
        required
        onSubmit={submit}
      />
      <Select
        {...scope}
        label={texts.scope}
        options={SCOPES.map((value) => ({ value, label: texts.scopeTexts[value] }))}
      />
      {board === null && (
        <SegmentedControl
          {...some}
          label={texts.boards}
          options={[
            { value: "all", label: texts.allBoards },
            { value: "some", label: texts.someBoards },
          ]}
        />
      )}
      {chosen !== null && <Boards {...chosen} />}
      <SegmentedControl
        {...days}
        label={texts.expiry}
        options={DAYS.map((value) => ({
          value,
          label: value === "never" ? texts.never : texts.days(Number(value)),
        }))}
      />
      {error !== null && (
        <Banner tone="danger" title={texts.makeFailed}>
          {full ? texts.tooMany : errorText(error, all)}
        </Banner>
      )}
      <Button
        kind={made === undefined ? "primary" : "secondary"}
        label={texts.make}
        busy={make.isPending}
        onPress={submit}
        style={styles.button}
      />
      {made !== undefined && <MadeToken key={made.id} token={made.token} onUnkept={onUnkept} />}
    </View>
  );
}

function Boards({
  boards,
  choose,
  missing,
}: {
  readonly boards: readonly number[];
  readonly choose: (id: number, chosen: boolean) => void;
  readonly missing: boolean;
}) {
  const texts = useAccessTexts().tokens;
  const query = useBoards("teams");
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <View role="group" aria-label={texts.boards} style={styles.boards}>
      {items.map(({ id, name }) => {
        const checked = boards.includes(id);
        return (
          <View key={id} style={styles.choice}>
            <TickBox label={name} checked={checked} onChange={(next) => choose(id, next)} />
            <Text onPress={() => choose(id, !checked)} style={styles.grow}>
              {name}
            </Text>
          </View>
        );
      })}
      {query.hasNextPage && (
        <Button size="small" label={texts.more} onPress={() => void query.fetchNextPage()} />
      )}
      {items.length === 0 && !query.isLoading && <Text tone="textMuted">{texts.noBoards}</Text>}
      {missing && <Banner tone="danger">{texts.boardsMissing}</Banner>}
    </View>
  );
}

/** It takes the keyboard, so that a screen reader reads it, and Ctrl+C copies it. */
function MadeToken({ token, onUnkept }: { readonly token: string; readonly onUnkept: OnUnkept }) {
  const texts = useAccessTexts().tokens;
  const kept = useKeeping(onUnkept);
  const copy = () =>
    void copyText(token).then((copied) => {
      if (copied) kept();
      toast(copied ? texts.copied : texts.notCopied, { tone: copied ? "success" : "warning" });
    });
  return (
    <>
      <TextField
        label={texts.token}
        hint={texts.onlyNow}
        value={token}
        onChangeText={() => undefined}
        readOnly
        autoFocus
        selectOnFocus
      />
      <Button kind="primary" label={texts.copy} onPress={copy} style={styles.button} />
    </>
  );
}

const styles = StyleSheet.create({
  part: { gap: spacing.m },
  button: { alignSelf: "flex-start" },
  boards: { gap: spacing.s },
  choice: { flexDirection: "row", alignItems: "center", gap: spacing.s },
  grow: { flex: 1 },
});
