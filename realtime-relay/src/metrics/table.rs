//! The macro that a table of families is written in.

use super::kinds::Samples;
use std::fmt::Write as _;

/// One family: what `/metrics` shows under one name.
pub(super) struct Family<'a> {
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    pub(super) help: &'static str,
    pub(super) samples: &'a dyn Samples,
}

impl Family<'_> {
    /// Appends it in Prometheus's text format, version 0.0.4. Writing to a string cannot fail.
    pub(super) fn write(&self, text: &mut String) {
        let Self { name, kind, help, samples } = self;
        let _ = writeln!(text, "# HELP {name} {}", help.trim());
        let _ = writeln!(text, "# TYPE {name} {kind}");
        samples.write(name, "", text);
    }
}

/// Makes a struct of families. Each has its documentation, which is what `/metrics` says of it as well,
/// its kind (`counter`, `gauge`, `histogram`), its name and the type of its samples. The name shown
/// begins with the table's prefix; that of a counter ends in `_total`.
macro_rules! families {
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $table:ident, $prefix:literal {
            $($(#[doc = $help:literal])+ $kind:ident $name:ident: $type:ty;)+
        }
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Default)]
        $visibility struct $table {
            $($(#[doc = $help])+ $visibility $name: $type,)+
        }

        impl $table {
            fn families(&self) -> Vec<$crate::metrics::table::Family<'_>> {
                vec![$($crate::metrics::table::Family {
                    name: concat!(
                        $prefix,
                        stringify!($name),
                        $crate::metrics::table::suffix!($kind)
                    ),
                    kind: stringify!($kind),
                    help: concat!($($help),+),
                    samples: &self.$name,
                }),+]
            }
        }
    };
}
pub(super) use families;

/// What names of this kind end in.
macro_rules! suffix {
    (counter) => {
        "_total"
    };
    ($other:ident) => {
        ""
    };
}
pub(super) use suffix;
