//! Import cycles between the app's files.

use super::graph::Graph;
use crate::commands::tidy::{Tree, folder_of};

const SOURCES: &str = "app/src/";

/// The text before the name of an import.
const BEFORE: [&str; 3] = ["from \"", "import \"", "import(\""];

/// File endings that imports omit; the web's come first.
const ENDS: [&str; 6] = [".web.tsx", ".web.ts", ".tsx", ".ts", "/index.tsx", "/index.ts"];

/// Checks all files, including tests, which nobody imports.
pub(super) fn check(tree: &Tree) -> Vec<String> {
    let mut graph = Graph::default();
    let is_source = |file: &&String| {
        file.starts_with(SOURCES) && (file.ends_with(".ts") || file.ends_with(".tsx"))
    };
    for file in tree.files.iter().filter(is_source) {
        let text = tree.text(file);
        for name in imports(&text) {
            for end in ENDS {
                let imported = format!("{}{end}", path(folder_of(file), name));
                // A file for browsers may share its name with a common one.
                if imported != *file && tree.files.contains(&imported) {
                    graph.add(file, &imported, || format!("{name:?}"));
                }
            }
        }
    }
    let message = |circle| format!("files in a circle: {circle}");
    graph.circles().into_iter().map(message).collect()
}

/// The relative names that a file imports.
fn imports(text: &str) -> impl Iterator<Item = &str> {
    let names = BEFORE.iter().flat_map(|before| text.split(before).skip(1));
    names.filter_map(|rest| Some(rest.split_once('"')?.0)).filter(|name| name.starts_with('.'))
}

/// Resolves a relative name from a folder.
fn path(folder: &str, name: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in name.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::super::super::made_up::MadeUp;
    use super::*;

    #[test]
    fn files_that_import_each_other_are_reported_in_whatever_way_they_do() {
        let one = ("app/src/one.tsx", "import {\n  Two,\n} from \"./two\";");
        let part = ("app/src/two/part.web.ts", "const one = () => import(\"../one\");");
        let free = ("app/src/two/index.tsx", "export const Two = 1;\nimport \"../three\";");
        let three = ("app/src/three.ts", "import { View } from \"react-native\";");
        let tree = MadeUp::new("app-free", &[one, part, free, three]);
        assert_eq!(check(&tree.0), [""; 0]);
        let held = ("app/src/two/index.tsx", "export type { Two } from \"./part\";");
        let tree = MadeUp::new("app-held", &[one, part, held, three]);
        assert_eq!(
            check(&tree.0),
            ["files in a circle: app/src/one.tsx uses app/src/two/index.tsx (\"./two\"), \
              app/src/two/index.tsx uses app/src/two/part.web.ts (\"./part\"), \
              app/src/two/part.web.ts uses app/src/one.tsx (\"../one\")"]
        );
    }
}
