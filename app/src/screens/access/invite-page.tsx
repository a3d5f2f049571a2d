/** What an invitation is to, and the ways to take it: at once, or after logging in or registering. */

import { useIsFocused } from "@react-navigation/native";
import { useCallback, useEffect } from "react";
import { StyleSheet, View } from "react-native";
import { Banner, Button, Heading, Spinner, Text, toast } from "../../components";
import type { InvitationPreview } from "../../generated/api";
import { open, startAt } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import { useAccept, usePreview } from "../../state/access";
import { useMe } from "../../state/account";
import { beginToJoin, forgetLink, useLinks, wantToJoin } from "../../state/links";
import { radii, spacing, useTheme } from "../../theme";
import { isInvalidLink } from "../../utilities/request";
import { useTexts } from "../../utilities/texts";
import { useAccessTexts } from "../../utilities/texts/access";
import { errorText } from "../../utilities/texts/errors";
import { useFormats } from "../../utilities/texts/formats";
import { LinkInvalid } from "./link-invalid";

export function InvitePage() {
  const all = useTexts();
  const texts = useAccessTexts().invite;
  const token = useLinks(({ invite }) => invite);
  const preview = usePreview(token);
  const joining = useJoining(token, preview.data);
  const spent = isInvalidLink(preview.error);
  const returning = useReturning(spent, joining);
  if (token === null || (spent && !returning) || isInvalidLink(joining.error)) {
    return <LinkInvalid title={texts.invalidTitle}>{texts.invalid}</LinkInvalid>;
  }
  if (preview.data === undefined) {
    if (preview.error === null || returning) return <Spinner />;
    const retry = () => void preview.refetch();
    return (
      <Banner
        tone="danger"
        title={texts.failed}
        actions={<Button size="small" label={all.kit.retry} onPress={retry} />}
      >
        {errorText(preview.error, all)}
      </Banner>
    );
  }
  return (
    <>
      {joining.error !== null && (
        <Banner tone="danger" title={texts.joinFailed}>
          {errorText(joining.error, all)}
        </Banner>
      )}
      <Card invitation={preview.data} busy={joining.busy} onJoin={joining.join} />
    </>
  );
}

/** Joins on request, and automatically if the user chose that before they logged in or registered. */
function useJoining(token: string | null, invitation: InvitationPreview | undefined) {
  const texts = useAccessTexts().invite;
  const me = useMe();
  const wanted = useLinks((links) => links.wanted);
  const focused = useIsFocused();
  const { mutate, isPending: busy, error } = useAccept();
  const board = invitation?.board_name ?? null;
  const join = useCallback(() => {
    if (token === null) return;
    beginToJoin();
    mutate(token, {
      onSuccess: ({ status, value: { board_id: id } }) => {
        forgetLink("invite");
        startAt(id === null ? paths.home : paths.board({ mode: "teams", id }));
        if (board === null) return;
        // Whoever registered by it is a member since then.
        toast(status === 201 ? texts.joined(board) : texts.member(board), { tone: "success" });
      },
    });
  }, [token, board, mutate, texts]);
  const now = Boolean(me) && wanted && focused && board !== null;
  useEffect(() => {
    if (now) join();
  }, [now, join]);
  return { join, busy, error };
}

/** Whoever came in by a link is led to its board although it counts no more; true until that is known. */
function useReturning(spent: boolean, { join, error }: ReturnType<typeof useJoining>) {
  const me = useMe();
  const returning = spent && me !== null && error === null;
  const asks = returning && me !== undefined;
  useEffect(() => {
    if (asks) join();
  }, [asks, join]);
  return returning;
}

interface CardProps {
  readonly invitation: InvitationPreview;
  readonly busy: boolean;
  readonly onJoin: () => void;
}

function Card({ invitation, busy, onJoin }: CardProps) {
  const { members } = useTexts();
  const texts = useAccessTexts().invite;
  const formats = useFormats();
  const { colours } = useTheme();
  const { board_name: board, role, invited_by: by, expires_at: end } = invitation;
  return (
    <View style={[styles.card, { backgroundColor: colours.surface, borderColor: colours.border }]}>
      <Heading level={2}>{board === null ? texts.toAccount(by) : texts.toBoard(by, board)}</Heading>
      {role !== null && <Text>{members.roleTexts[role]}</Text>}
      <Text variant="small" tone="textMuted">
        {texts.until(formats.dateTime(end))}
      </Text>
      <Ways invitation={invitation} busy={busy} onJoin={onJoin} />
    </View>
  );
}

function Ways({ invitation, busy, onJoin }: CardProps) {
  const { shell } = useTexts();
  const texts = useAccessTexts().invite;
  const me = useMe();
  const { registers } = invitation;
  const toBoard = invitation.board_name !== null;
  if (me === undefined) return <Spinner />;
  if (me !== null) {
    return (
      <>
        <Text>{toBoard ? texts.youAre(me.username) : texts.hasAccount(me.username)}</Text>
        {toBoard ? (
          <Button kind="primary" label={texts.join} busy={busy} onPress={onJoin} />
        ) : (
          <Button kind="primary" label={shell.toBoards} to="/" onPress={() => startAt("/")} />
        )}
      </>
    );
  }
  const next = toBoard ? paths.invite : undefined;
  const go = (to: string) => {
    wantToJoin(registers);
    open(to);
  };
  return (
    <View style={styles.ways}>
      {registers ? (
        <Button
          kind="primary"
          label={toBoard ? texts.registerAndJoin : shell.register}
          onPress={() => go(paths.register(next))}
        />
      ) : (
        <Text>{texts.noRegister}</Text>
      )}
      <Button
        kind={registers ? "secondary" : "primary"}
        label={toBoard ? texts.logInAndJoin : shell.logIn}
        onPress={() => go(paths.login(next))}
      />
    </View>
  );
}

const styles = StyleSheet.create({
  card: { gap: spacing.l, padding: spacing.l, borderWidth: 1, borderRadius: radii.l },
  ways: { gap: spacing.m },
});
