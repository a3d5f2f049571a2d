/** What can be done with a card, for every way of using it: "Move to…" stands for drag and drop. */

import { StyleSheet, View } from "react-native";
import type { BoardTask } from "../../sync";
import { useTexts } from "../../utilities/texts";
import { Menu } from "../../components/menu";
import { useBoardParts } from "../board-context";
import { deleteCard } from "./delete-card";

export function CardMenu({ task }: { readonly task: BoardTask }) {
  const parts = useBoardParts();
  const { commands } = parts;
  const texts = useTexts().board;
  const { id } = task;
  return (
    <View style={styles.corner}>
      <Menu
        label={texts.actionsFor(task.title)}
        items={[
          { key: "open", label: texts.open, icon: "forward", onPress: () => commands.open(id) },
          { key: "edit", label: texts.edit, icon: "edit", onPress: () => commands.edit(id) },
          { key: "move", label: texts.moveTo, icon: "columns", onPress: () => commands.moveTo(id) },
          {
            key: "delete",
            label: texts.delete,
            icon: "trash",
            danger: true,
            onPress: () => deleteCard(parts, id),
          },
        ]}
      />
    </View>
  );
}

const styles = StyleSheet.create({ corner: { position: "absolute", top: 3, right: 3 } });
