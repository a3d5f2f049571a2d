/** Makes links that let somebody in, and revokes open ones. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import {
  Banner,
  Button,
  Dialog,
  Heading,
  SegmentedControl,
  Select,
  Spinner,
  Text,
  TextField,
  toast,
} from "../../components";
import {
  linkAddress,
  useInvitations,
  useMakeInvitation,
  useRevokeInvitation,
} from "../../state/access";
import { useMail } from "../../state/email";
import { useNameOf } from "../../state/names";
import { useSession } from "../../state/session";
import { radii, spacing, useTheme } from "../../theme";
import { fieldErrors, RequestError } from "../../utilities/request";
import type { ListedInvitation } from "../../utilities/request-access";
import { useLanguage, useTexts } from "../../utilities/texts";
import { useAccessTexts } from "../../utilities/texts/access";
import { errorText } from "../../utilities/texts/errors";
import { useFormats } from "../../utilities/texts/formats";
import { MadeLink } from "./made-link";
import { useShownOnce, type OnUnkept } from "./shown-once";

/** Whose links: a board's, or the admins' (null), which are to no board. */
interface Whose {
  readonly board: number | null;
}

export function LinksDialog({ board, onClose }: Whose & { readonly onClose: () => void }) {
  const texts = useAccessTexts().links;
  const closed = useSession(({ registration }) => registration === "closed");
  const title = board === null ? texts.toServer : texts.toBoard;
  const toBoard = closed ? texts.noAccounts : texts.toBoardIntro;
  const { close, question, onUnkept } = useShownOnce(onClose);
  return (
    <Dialog title={title} onClose={close} width={560}>
      <Text tone="textMuted">{board === null ? texts.toServerIntro : toBoard}</Text>
      <NewLink board={board} onUnkept={onUnkept} />
      <Living board={board} />
      {question}
    </Dialog>
  );
}

const ROLES = ["editor", "viewer"] as const;
const DAYS = ["1", "7", "30"] as const;

/** Nothing is lost: the link is in the mail as well. */
const mailed = () => undefined;

function NewLink({ board, onUnkept }: Whose & { readonly onUnkept: OnUnkept }) {
  const all = useTexts();
  const texts = useAccessTexts().links;
  const make = useMakeInvitation(board);
  const [role, setRole] = useState<(typeof ROLES)[number]>("editor");
  const [days, setDays] = useState<(typeof DAYS)[number]>("7");
  const [uses, setUses] = useState<"once" | "often">("once");
  const mail = useMail();
  const language = useLanguage();
  const [email, setEmail] = useState("");
  const to = email.trim();
  const submit = () =>
    make.mutate({
      ...(to === "" ? {} : { email: to, language }),
      ...(board === null ? {} : { role }),
      expires_in_days: Number(days),
      uses: uses === "once" ? 1 : null,
    });
  const { data: made, error, variables: asked } = make;
  const noAddress = "email" in fieldErrors(error);
  const full = error instanceof RequestError && error.type === "/problems/limit-reached";
  return (
    <View style={styles.part}>
      {board !== null && (
        <Select
          label={texts.role}
          value={role}
          onChange={setRole}
          options={ROLES.map((value) => ({ value, label: all.members.roleTexts[value] }))}
        />
      )}
      <View style={styles.choices}>
        <SegmentedControl
          label={texts.expiry}
          value={days}
          onChange={setDays}
          options={DAYS.map((value) => ({ value, label: texts.days(Number(value)) }))}
        />
        <SegmentedControl
          label={texts.uses}
          value={uses}
          onChange={setUses}
          options={[
            { value: "once", label: texts.once },
            { value: "often", label: texts.often },
          ]}
        />
      </View>
      {mail && (
        <TextField
          label={texts.mailTo}
          value={email}
          onChangeText={setEmail}
          error={noAddress && asked?.email === to ? texts.noAddress : undefined}
          autoComplete="off"
          inputMode="email"
          autoCapitalize="none"
          onSubmit={submit}
        />
      )}
      {error !== null && !noAddress && (
        <Banner tone="danger" title={texts.makeFailed}>
          {full ? texts.tooMany : errorText(error, all)}
        </Banner>
      )}
      <Button
        kind={made === undefined ? "primary" : "secondary"}
        icon="add"
        label={texts.make}
        busy={make.isPending}
        onPress={submit}
        style={styles.button}
      />
      {made !== undefined && asked?.email != null && (
        <Banner tone="success">{texts.mailed(asked.email)}</Banner>
      )}
      {made !== undefined && (
        <MadeLink
          key={made.id}
          address={linkAddress("invite", made.token)}
          hint={texts.onlyNow}
          onUnkept={asked?.email == null ? onUnkept : mailed}
        />
      )}
    </View>
  );
}

function Living({ board }: Whose) {
  const all = useTexts();
  const texts = useAccessTexts().links;
  const query = useInvitations(board);
  const revoke = useRevokeInvitation(board);
  const take = (id: number) =>
    revoke.mutate(id, {
      onSuccess: () => {
        toast(texts.revoked, { tone: "success" });
      },
      onError: (error) => toast(errorText(error, all), { tone: "danger" }),
    });
  return (
    <View style={styles.part}>
      <Heading level={3}>{texts.living}</Heading>
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
      {query.data === undefined && query.error === null && <Spinner />}
      {query.data?.length === 0 && <Text tone="textMuted">{texts.none}</Text>}
      {query.data !== undefined && query.data.length > 0 && (
        <View role="list" style={styles.list}>
          {query.data.map((invitation) => (
            <LivingLink
              key={invitation.id}
              invitation={invitation}
              busy={revoke.isPending && revoke.variables === invitation.id}
              onRevoke={() => take(invitation.id)}
            />
          ))}
        </View>
      )}
    </View>
  );
}

function LivingLink({
  invitation: { role, uses, used, created_by: by, active, expires_at: end },
  busy,
  onRevoke,
}: {
  readonly invitation: ListedInvitation;
  readonly busy: boolean;
  readonly onRevoke: () => void;
}) {
  const { boards } = useTexts();
  const texts = useAccessTexts().links;
  const { colours } = useTheme();
  const formats = useFormats();
  const name = useNameOf()(by);
  const what = role === undefined ? texts.account : boards.roles[role];
  const facts = [
    uses === null ? texts.forMany(used) : texts.forOne,
    texts.until(formats.dateTime(end)),
    texts.by(name),
  ].join(" · ");
  return (
    <View role="listitem" style={[styles.row, { borderColor: colours.border }]}>
      <View style={styles.words}>
        <Text variant="label">{what}</Text>
        <Text variant="caption" tone="textMuted">
          {facts}
        </Text>
        {!active && <Text variant="caption">{texts.inactive(name)}</Text>}
      </View>
      <Button
        size="small"
        label={texts.revoke}
        accessibilityLabel={texts.revokeOne(`${what}, ${facts}`)}
        busy={busy}
        onPress={onRevoke}
      />
    </View>
  );
}

const styles = StyleSheet.create({
  part: { gap: spacing.m },
  choices: { flexDirection: "row", flexWrap: "wrap", gap: spacing.m },
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
