/** Tokens for programs, on the profile and of a board: those that count, and what makes and revokes them. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import { Banner, Button, ConfirmDialog, Dialog, Spinner, Text, toast } from "../../components";
import { useNow } from "../../components/use-now";
import type { ApiToken } from "../../generated/api";
import { useApiTokens, useRevokeApiToken } from "../../state/api-tokens";
import { useNameOf } from "../../state/names";
import { radii, spacing, useTheme } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { useAccessTexts } from "../../utilities/texts/access";
import { errorText } from "../../utilities/texts/errors";
import { useFormats } from "../../utilities/texts/formats";
import { Section } from "../profile/section";
import { NewToken } from "./new-token";
import { useShownOnce } from "./shown-once";

/** The user's own. */
export function ApiTokens() {
  const texts = useAccessTexts().tokens;
  const [open, setOpen] = useState(false);
  return (
    <Section title={texts.title}>
      <Text tone="textMuted">{texts.intro}</Text>
      <Living board={null} />
      <Button
        icon="add"
        label={texts.open}
        onPress={() => setOpen(true)}
        web={{ "aria-haspopup": "dialog" }}
        style={styles.button}
      />
      {open && <NewTokenDialog onClose={() => setOpen(false)} />}
    </Section>
  );
}

function NewTokenDialog({ onClose }: { readonly onClose: () => void }) {
  const texts = useAccessTexts().tokens;
  const { close, question, onUnkept } = useShownOnce(onClose);
  return (
    <Dialog title={texts.newTitle} onClose={close} width={560}>
      <NewToken board={null} onUnkept={onUnkept} />
      {question}
    </Dialog>
  );
}

/** A board's, for its owners. */
export function BoardTokensDialog({
  board,
  onClose,
}: {
  readonly board: number;
  readonly onClose: () => void;
}) {
  const texts = useAccessTexts().tokens;
  const { close, question, onUnkept } = useShownOnce(onClose);
  return (
    <Dialog title={texts.title} onClose={close} width={560}>
      <Text tone="textMuted">{texts.boardIntro}</Text>
      <NewToken board={board} onUnkept={onUnkept} />
      <Living board={board} />
      {question}
    </Dialog>
  );
}

function Living({ board }: { readonly board: number | null }) {
  const all = useTexts();
  const texts = useAccessTexts().tokens;
  const query = useApiTokens(board);
  const revoking = useRevokeApiToken(board);
  const [asked, setAsked] = useState<ApiToken | null>(null);
  const revoke = (id: number) =>
    revoking.mutate(id, {
      onSuccess: () => {
        toast(texts.revoked, { tone: "success" });
      },
      onError: (error) => toast(errorText(error, all), { tone: "danger" }),
      onSettled: () => setAsked(null),
    });
  return (
    <>
      {query.error !== null && (
        <Banner
          tone="danger"
          title={texts.failed}
          actions={
            <Button size="small" label={all.kit.retry} onPress={() => void query.refetch()} />
          }
        >
          {errorText(query.error, all)}
        </Banner>
      )}
      {query.isLoading && <Spinner />}
      {query.data?.length === 0 && <Text>{texts.none}</Text>}
      {query.data !== undefined && query.data.length > 0 && (
        <View role="list" aria-label={texts.title} style={styles.list}>
          {query.data.map((token) => (
            <Row
              key={token.id}
              token={token}
              ofBoard={board !== null}
              onRevoke={() => setAsked(token)}
            />
          ))}
        </View>
      )}
      {asked !== null && (
        <ConfirmDialog
          title={texts.revokeTitle(asked.name)}
          message={texts.revokeText}
          confirm={texts.revokeDo}
          danger
          busy={revoking.isPending}
          onConfirm={() => revoke(asked.id)}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}

function Row({
  token: {
    name,
    scope,
    boards,
    board_id: board,
    created_by: by,
    last_used_at: used,
    expires_at: end,
  },
  ofBoard,
  onRevoke,
}: {
  readonly token: ApiToken;
  readonly ofBoard: boolean;
  readonly onRevoke: () => void;
}) {
  const texts = useAccessTexts().tokens;
  const { colours } = useTheme();
  const formats = useFormats();
  const now = useNow();
  const maker = useNameOf()(by);
  const seen = boards === null ? texts.allBoards : boards.map((board) => board.name).join(", ");
  const where = seen === "" ? texts.noBoards : board === null ? seen : texts.ofBoard(seen);
  const facts = [
    texts.scopes[scope],
    ofBoard ? texts.by(maker) : where,
    end === null ? texts.noEnd : texts.until(formats.date(end)),
    used === null
      ? texts.unused
      : texts.used(formats.relative(used, Math.max(now, Date.parse(used)))),
  ].join(" · ");
  return (
    <View role="listitem" style={[styles.row, { borderColor: colours.border }]}>
      <View style={styles.words}>
        <Text variant="label">{name}</Text>
        <Text variant="caption" tone="textMuted">
          {facts}
        </Text>
      </View>
      <Button
        size="small"
        label={texts.revoke}
        accessibilityLabel={texts.revokeOne(`${name}, ${facts}`)}
        onPress={onRevoke}
        web={{ "aria-haspopup": "dialog" }}
      />
    </View>
  );
}

const styles = StyleSheet.create({
  button: { alignSelf: "flex-start" },
  list: { gap: spacing.s },
  row: {
    flexDirection: "row",
    flexWrap: "wrap",
    alignItems: "center",
    gap: spacing.m,
    padding: spacing.m,
    borderWidth: 1,
    borderRadius: radii.m,
  },
  words: { flexGrow: 1, flexShrink: 1, flexBasis: 200 },
});
