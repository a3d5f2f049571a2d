/** What is over the page and must be dealt with first: dialogs, sheets, menus. On phones: a Modal. */

import type { ReactNode } from "react";
import { Modal, StyleSheet, View } from "react-native";
import { useLoginInView } from "./login-in-view";
import { useReducedMotion } from "../theme";

export interface LayerProps {
  /** The back button, Escape, or a press beside it. */
  readonly onClose: () => void;
  /** Makes the layer a region of this name, for what is no dialog: all content is in a landmark. */
  readonly label?: string;
  readonly children: ReactNode;
}

export function Layer({ onClose, children }: LayerProps) {
  const reduced = useReducedMotion();
  const waits = useLoginInView();
  return (
    <Modal
      transparent
      visible={!waits}
      statusBarTranslucent
      animationType={reduced ? "none" : "fade"}
      onRequestClose={onClose}
    >
      <View style={styles.all}>{children}</View>
    </Modal>
  );
}

const styles = StyleSheet.create({ all: { flex: 1 } });
