/** The app: its providers around its navigation. */

import { Text, View } from "react-native";

export function App() {
  return (
    <View>
      <Text>Taskboard</Text>
    </View>
  );
}
