/** What this is, for first-time visitors, and the three ways in. */

import { Platform, StyleSheet, View } from "react-native";
import { Button, Heading, Icon, Text, type IconName } from "../../components";
import { Screen } from "../../navigation/screen";
import { QuickWinButton } from "../../navigation/app-bar";
import { open } from "../../navigation/open";
import { paths } from "../../navigation/routes";
import { useMayRegister } from "../../state/account";
import { useSession } from "../../state/session";
import { radii, spacing, useLayout, useTheme } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { ServerForm } from "../profile/server-form";
import { BoardPicture } from "./board-picture";

const pointIcons: readonly IconName[] = ["activity", "offline", "undo"];

export function WelcomeScreen() {
  const { account, welcome } = useTexts();
  const { colours, shadows } = useTheme();
  const { layout } = useLayout();
  const wide = layout === "wide";
  // A phone needs the server's address before anything else works.
  const hasAccounts = useSession((session) => session.hasAccounts);
  const noServer = useSession(({ server }) => Platform.OS !== "web" && server === "");
  return (
    <Screen title={welcome.title} hideTitle>
      {noServer && <ServerForm />}
      <View style={[styles.hero, wide && styles.heroWide]}>
        <View style={[styles.words, wide && styles.half]}>
          <Heading level={2} look={layout === "phone" ? 1 : "display"}>
            {welcome.tagline}
          </Heading>
          <Text tone="textMuted">{welcome.lead}</Text>
          <View style={styles.actions}>
            <WaysIn />
          </View>
        </View>
        <View style={wide ? styles.half : undefined}>
          <BoardPicture />
        </View>
      </View>
      <View style={styles.points}>
        {welcome.points.map(({ title, text }, index) => (
          <View
            key={title}
            style={[
              styles.point,
              { backgroundColor: colours.surface, borderColor: colours.border },
              shadows.card,
            ]}
          >
            <Icon name={pointIcons[index] ?? "check"} size={24} tone="accent" />
            <Heading level={3}>{title}</Heading>
            <Text variant="small" tone="textMuted">
              {text}
            </Text>
          </View>
        ))}
      </View>
      <View style={[styles.without, { backgroundColor: colours.sunken }]}>
        <View style={styles.withoutWords}>
          <Heading level={3}>{hasAccounts ? welcome.without : account.notConfiguredTitle}</Heading>
          <Text variant="small" tone="textMuted">
            {hasAccounts ? welcome.withoutText : account.notConfigured}
          </Text>
        </View>
        {hasAccounts && <QuickWinButton />}
      </View>
    </Screen>
  );
}

/** With an account, where the server has any; else the one way that there is. */
function WaysIn() {
  const { shell } = useTexts();
  const hasAccounts = useSession((session) => session.hasAccounts);
  const mayRegister = useMayRegister();
  if (!hasAccounts) {
    return <QuickWinButton kind="primary" />;
  }
  return (
    <>
      {mayRegister && (
        <Button
          kind="primary"
          label={shell.register}
          to={paths.register()}
          onPress={() => open(paths.register())}
        />
      )}
      <Button
        kind={mayRegister ? "secondary" : "primary"}
        label={shell.logIn}
        to={paths.login()}
        onPress={() => open(paths.login())}
      />
    </>
  );
}

const styles = StyleSheet.create({
  hero: { gap: spacing.xl, paddingVertical: spacing.l },
  heroWide: { flexDirection: "row", alignItems: "center", paddingVertical: spacing.xxl },
  words: { gap: spacing.l },
  half: { flex: 1 },
  actions: { flexDirection: "row", flexWrap: "wrap", gap: spacing.m },
  points: { flexDirection: "row", flexWrap: "wrap", gap: spacing.l },
  point: {
    flexGrow: 1,
    flexBasis: 240,
    gap: spacing.xs,
    padding: spacing.l,
    borderWidth: 1,
    borderRadius: radii.l,
  },
  without: {
    flexDirection: "row",
    flexWrap: "wrap",
    alignItems: "center",
    gap: spacing.l,
    padding: spacing.l,
    borderRadius: radii.l,
  },
  withoutWords: { flexGrow: 1, flexShrink: 1, flexBasis: 260, gap: spacing.xs },
});
