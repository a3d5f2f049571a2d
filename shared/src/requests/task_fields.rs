//! The fields of a team's task that people fill in, apart from its title: the one list of them.

/// Hands the list to a macro, which makes of it what a request says (`shared::requests`), what an
/// import carries over (`shared::import`) or what the API's description has (`functions/openapi`).
/// The order is that in which faults are listed.
///
/// A row is a name and its type; whether a task may have `null` there; whether a merge patch may
/// remove it (with `null`), or only replace it; whether the tasks of events of every version have it; and what the description says of it in a task, a new
/// task, a patch and a task to be imported.
#[macro_export]
macro_rules! task_fields {
    ($make:ident) => {
        $make! {
            description: Description {
                nullable: false, removable: true, required: true,
                patch: "Null empties it.",
            }
            status: ColumnKey {
                nullable: false, removable: false, required: true,
                task: "Its column.",
                new: "The first column by default.",
                import: "The first column by default.",
            }
            assigned_to: Assignee {
                nullable: true, removable: true, required: true,
                task: "The assigned member, if any.",
                new: "A member of the board.",
                patch: "A member of the board; null for nobody.",
                import: "Kept if it is you.",
            }
            labels: Labels {
                nullable: false, removable: true, required: true,
                patch: "Null removes them all.",
            }
            start_at: DueAt {
                nullable: true, removable: true, required: false,
                task: "When work on it is to begin, not after `due_at`. (Events of earlier versions do not say.)",
                new: "Not after `due_at`.",
                patch: "Not after `due_at`.",
                import: "Not after `due_at`.",
            }
            due_at: DueAt {
                nullable: true, removable: true, required: true,
            }
            fields: FreeFields {
                nullable: false, removable: true, required: true,
                patch: "Merged into what is there: null removes a member, or all.",
            }
        }
    };
}
