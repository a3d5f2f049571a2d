/** What an import could not carry over, a sentence each. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import { Button, Text } from "../../components";
import { spacing } from "../../theme";
import { warningText, type ImportWarning } from "../../utilities/texts/import-warnings";
import { useImportsTexts } from "../../utilities/texts/imports";

/** How many are shown at first: an import may list thousands. */
const FIRST = 50;

export function ImportWarnings({ warnings }: { readonly warnings: readonly ImportWarning[] }) {
  const texts = useImportsTexts();
  const [all, setAll] = useState(false);
  if (warnings.length === 0) return null;
  const shown = all ? warnings : warnings.slice(0, FIRST);
  return (
    <View style={styles.list}>
      <Text variant="label">{texts.warnings(warnings.length)}</Text>
      <View role="list" style={styles.list}>
        {shown.map((warning) => (
          <View role="listitem" key={`${warning.pointer} ${warning.code}`}>
            <Text variant="small">{warningText(warning, texts)}</Text>
          </View>
        ))}
      </View>
      {shown.length < warnings.length && (
        <Button label={texts.showAll(warnings.length)} onPress={() => setAll(true)} />
      )}
    </View>
  );
}

const styles = StyleSheet.create({ list: { gap: spacing.xs } });
