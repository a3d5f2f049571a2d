/** The account, and what is to be as somebody likes it on this device. */

import { Fragment } from "react";
import { Platform, StyleSheet, View } from "react-native";
import { Avatar, Banner, Button, SegmentedControl, Text, TextField, toast } from "../../components";
import { lazily } from "../../components/lazily";
import { Screen } from "../../navigation/screen";
import type { User } from "../../generated/api";
import { open, startAt } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import { useLeaving } from "../../navigation/use-leaving";
import { useChangeMe, useMe, useOwner } from "../../state/account";
import { useDraft } from "../../state/drafts";
import { usePreferences } from "../../state/preferences";
import { spacing } from "../../theme";
import { lengthFault } from "../../utilities/checks";
import { LIMITS } from "../../utilities/limits";
import { fieldErrors } from "../../utilities/request";
import { useTexts } from "../../utilities/texts";
import { errorText } from "../../utilities/texts/errors";
import { useFormats } from "../../utilities/texts/formats";
import { seenLine } from "../../utilities/visible";
import { Section } from "./section";
import { ServerForm } from "./server-form";

const AccountParts = lazily(() =>
  import("../access/parts").then(({ AccountParts: parts }) => parts),
);

export function ProfileScreen() {
  const { account, shell } = useTexts();
  const loggedIn = Boolean(useMe());
  const owner = useOwner();
  return (
    <Screen title={account.profileTitle} width="narrow">
      {!loggedIn && (
        <Banner
          actions={
            <Button
              size="small"
              label={shell.logIn}
              to={paths.login(paths.profile)}
              onPress={() => open(paths.login(paths.profile))}
            />
          }
        >
          {account.notLoggedIn}
        </Banner>
      )}
      {owner && (
        <Fragment key={owner.id}>
          <You me={owner} />
          <Devices />
          <AccountParts />
        </Fragment>
      )}
      <Look />
      {Platform.OS !== "web" && <ServerForm />}
    </Screen>
  );
}

/** Where the display name that is being typed is kept: it belongs to no board. */
const OWN_NAME = { address: { mode: "teams", id: 0 }, task: null, field: "display-name" } as const;

function You({ me }: { readonly me: User }) {
  const texts = useTexts();
  const { account, kit } = texts;
  const formats = useFormats();
  const change = useChangeMe();
  const draft = useDraft(OWN_NAME, me.display_name);
  const name = draft.value;
  const fault = lengthFault(name, LIMITS.displayName, texts);
  const save = () => {
    if (fault !== undefined) return;
    const saved = () => {
      draft.saved(name);
      toast(account.saved, { tone: "success" });
    };
    const named = change.mutateAsync({ display_name: seenLine(name) || null });
    // Also where they have left the screen meanwhile.
    void named.then(saved, () => undefined);
  };
  const refused =
    change.error === null
      ? undefined
      : (fieldErrors(change.error)["display_name"] ?? errorText(change.error, texts));
  return (
    <Section title={account.you}>
      <View style={styles.line}>
        <Avatar name={me.username} size={48} decorative />
        <View style={styles.grow}>
          <Text variant="strong">{me.username}</Text>
          <Text variant="small" tone="textMuted">
            {account.memberSince(formats.date(me.created_at))}
          </Text>
        </View>
      </View>
      <TextField
        label={account.displayName}
        hint={account.displayNameHint}
        value={name}
        onChangeText={draft.set}
        error={fault ?? refused}
        autoComplete="name"
        onSubmit={save}
      />
      <Button
        label={kit.save}
        busy={change.isPending}
        disabled={name.trim() === me.display_name}
        onPress={save}
        style={styles.button}
      />
    </Section>
  );
}

function Devices() {
  const { account } = useTexts();
  const { ask, question } = useLeaving(() => {
    startAt(paths.home);
    toast(account.loggedOut);
  });
  return (
    <Section title={account.devices}>
      <View style={styles.line}>
        <Button icon="leave" label={account.logOutHere} onPress={() => ask(false)} />
        <Button label={account.logOutEverywhere} onPress={() => ask(true)} />
      </View>
      {question}
    </Section>
  );
}

function Look() {
  const { account } = useTexts();
  const { theme, language, setTheme, setLanguage } = usePreferences();
  return (
    <Section title={account.look}>
      <SegmentedControl
        label={account.theme}
        value={theme}
        onChange={setTheme}
        options={[
          { value: "system", label: account.themeSystem },
          { value: "light", label: account.themeLight },
          { value: "dark", label: account.themeDark },
        ]}
      />
      <SegmentedControl
        label={account.language}
        value={language}
        onChange={setLanguage}
        options={[
          { value: "system", label: account.languageSystem },
          // Each language by its own name: users who cannot read this page find theirs.
          { value: "en", label: "English" },
          { value: "de", label: "Deutsch" },
        ]}
      />
    </Section>
  );
}

const styles = StyleSheet.create({
  line: { flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.m },
  grow: { flex: 1 },
  button: { alignSelf: "flex-start" },
});
