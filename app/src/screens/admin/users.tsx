/** Everybody who has an account: what they may do, and whether they may come in. */

import { useDeferredValue, useState } from "react";
import { StyleSheet, View } from "react-native";
import {
  Banner,
  Button,
  ConfirmDialog,
  EmptyState,
  Select,
  Skeleton,
  Text,
  TextField,
  toast,
} from "../../components";
import { lazyDialog } from "../../components/lazily";
import type { AdminUser, AdminUserPatch } from "../../generated/api";
import { startAt } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import { useMe } from "../../state/account";
import { isClosed, useChangeUser, useUsers } from "../../state/admin";
import { refreshUser } from "../../state/session";
import { radii, spacing } from "../../theme";
import { pressedKey } from "../../utilities/keys";
import { RequestError } from "../../utilities/request";
import { useTexts } from "../../utilities/texts";
import { errorText } from "../../utilities/texts/errors";
import { useAdminTexts } from "../../utilities/texts/admin";
import { NoAdminAnyMore } from "./no-admin";
import { UserRow } from "./user-row";

const access = () => import("../access/parts");
const LinksDialog = lazyDialog(() => access().then((parts) => parts.LinksDialog));
const ResetLinkDialog = lazyDialog(() => access().then((parts) => parts.ResetLinkDialog));

/** What is asked before it is done. */
interface Asked {
  readonly user: AdminUser;
  readonly patch: AdminUserPatch;
}

export function Users() {
  const { users: texts, parts } = useAdminTexts();
  const all = useTexts();
  const me = useMe();
  const [q, setQ] = useState("");
  const [role, setRole] = useState<"" | "user" | "admin">("");
  const [state, setState] = useState<"" | "enabled" | "disabled">("");
  const search = useDeferredValue(q.trim());
  const query = useUsers({
    q: search === "" ? undefined : search.slice(0, 64),
    role: role === "" ? undefined : role,
    disabled: state === "" ? undefined : state === "disabled",
  });
  const change = useChangeUser();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [forgetful, setForgetful] = useState<AdminUser | null>(null);
  const [inviting, setInviting] = useState(false);
  const run = ({ user, patch }: Asked) => {
    const name = user.display_name;
    change.mutate(
      { username: user.username, patch },
      {
        onSuccess: () => {
          if (user.id === me?.id && patch.role === "user") {
            startAt(paths.boards("teams"));
            void refreshUser();
            toast(texts.gaveUp);
            return;
          }
          toast(
            patch.disabled === undefined
              ? texts.wasChanged(name)
              : patch.disabled
                ? texts.wasDisabled(name)
                : texts.wasEnabled(name),
            { tone: "success" },
          );
        },
        onError: (error) => {
          const last = error instanceof RequestError && error.type === "/problems/last-admin";
          const why = isClosed(error) ? parts.onlyAdmins : errorText(error, all);
          toast(last ? texts.lastAdmin : why, { tone: "danger" });
        },
        onSettled: () => setAsked(null),
      },
    );
  };
  const ask = (next: Asked) => {
    const away = next.patch.disabled === true;
    const self = next.user.id === me?.id;
    if (away || (self && next.patch.role === "user")) setAsked(next);
    else run(next);
  };
  if (isClosed(query.error)) return <NoAdminAnyMore />;
  const changingOf = ({ username }: AdminUser) =>
    change.isPending && change.variables.username === username ? change.variables.patch : null;
  const users = query.data?.pages.flatMap(({ items }) => items);
  return (
    <View style={styles.all}>
      <Text tone="textMuted">{texts.intro}</Text>
      <View style={styles.tools}>
        <TextField
          label={texts.search}
          hideLabel
          placeholder={texts.search}
          icon="search"
          inputMode="search"
          autoCapitalize="none"
          value={q}
          onChangeText={setQ}
          onKeyDown={(event) => {
            if (pressedKey(event) === "Escape") setQ("");
          }}
          style={styles.search}
        />
        <Select
          label={texts.role}
          hideLabel
          value={role}
          onChange={setRole}
          style={styles.choice}
          options={[
            { value: "", label: `${texts.role}: ${texts.all}` },
            { value: "user", label: texts.roles.user },
            { value: "admin", label: texts.roles.admin },
          ]}
        />
        <Select
          label={texts.state}
          hideLabel
          value={state}
          onChange={setState}
          style={styles.choice}
          options={[
            { value: "", label: `${texts.state}: ${texts.all}` },
            { value: "enabled", label: texts.enabledOnes },
            { value: "disabled", label: texts.disabledOnes },
          ]}
        />
        <Button icon="add" label={texts.invite} onPress={() => setInviting(true)} />
      </View>
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
      {users === undefined && query.error === null && (
        <View role="progressbar" aria-label={all.kit.loading} style={styles.list}>
          <Skeleton height={64} radius={radii.m} />
          <Skeleton height={64} radius={radii.m} />
        </View>
      )}
      {users?.length === 0 && (
        <EmptyState icon="people" title={search === "" ? texts.noMatch : texts.none}>
          {search === "" ? texts.noMatchHint : texts.noneHint}
        </EmptyState>
      )}
      {users !== undefined && users.length > 0 && (
        <View role="list" aria-busy={query.isPlaceholderData} style={styles.list}>
          {users.map((user) => (
            <UserRow
              key={user.id}
              user={user}
              self={user.id === me?.id}
              changing={changingOf(user)}
              onChange={(patch) => ask({ user, patch })}
              onResetLink={() => setForgetful(user)}
            />
          ))}
        </View>
      )}
      {query.hasNextPage && (
        <Button
          label={texts.more}
          busy={query.isFetchingNextPage}
          onPress={() => void query.fetchNextPage()}
          style={styles.more}
        />
      )}
      {inviting && <LinksDialog board={null} onClose={() => setInviting(false)} />}
      {forgetful !== null && (
        <ResetLinkDialog user={forgetful} onClose={() => setForgetful(null)} />
      )}
      {asked !== null && (
        <Question
          asked={asked}
          busy={change.isPending}
          onConfirm={() => run(asked)}
          onClose={() => setAsked(null)}
        />
      )}
    </View>
  );
}

function Question({
  asked: { user, patch },
  busy,
  onConfirm,
  onClose,
}: {
  readonly asked: Asked;
  readonly busy: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}) {
  const texts = useAdminTexts().users;
  const disable = patch.disabled === true;
  return (
    <ConfirmDialog
      title={disable ? texts.disableTitle(user.display_name) : texts.demoteTitle}
      message={disable ? texts.disableText : texts.demoteText}
      confirm={disable ? texts.disable : texts.demoteDo}
      danger
      busy={busy}
      onConfirm={onConfirm}
      onClose={onClose}
    />
  );
}

const styles = StyleSheet.create({
  all: { gap: spacing.l },
  tools: { flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.m },
  search: { flexGrow: 1, flexBasis: 220 },
  choice: { flexGrow: 1, flexBasis: 150 },
  list: { gap: spacing.s },
  more: { alignSelf: "center" },
});
