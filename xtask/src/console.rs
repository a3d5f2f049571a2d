//! Output for people at a terminal: sentences, steps, colours and durations.

use std::io::{IsTerminal, Write};
use std::time::Duration;

/// Writes one line to standard output; a closed pipe is not an error.
pub(crate) fn say(text: impl AsRef<str>) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{}", text.as_ref());
    let _ = out.flush();
}

/// Writes one line to standard error.
pub(crate) fn warn(text: impl AsRef<str>) {
    let mut out = std::io::stderr().lock();
    let _ = writeln!(out, "{} {}", paint(Colour::Yellow, "note:"), text.as_ref());
}

/// Writes why a command failed, with all its causes, to standard error.
pub(crate) fn fail(error: &anyhow::Error) {
    let mut out = std::io::stderr().lock();
    let _ = writeln!(out, "{} {error:#}", paint(Colour::Red, "error:"));
}

/// The colours that this program uses.
#[derive(Clone, Copy)]
pub(crate) enum Colour {
    /// Failure.
    Red,
    /// Success.
    Green,
    /// Something to notice.
    Yellow,
    /// The first of two programs in a shared log.
    Cyan,
    /// The second of two programs in a shared log.
    Magenta,
    /// The important part of a line.
    Bold,
}

/// Wraps `text` in a colour on a terminal without `NO_COLOR`.
pub(crate) fn paint(colour: Colour, text: &str) -> String {
    if !std::io::stdout().is_terminal() || std::env::var_os("NO_COLOR").is_some() {
        return text.to_owned();
    }
    let code = match colour {
        Colour::Red => "31",
        Colour::Green => "32",
        Colour::Yellow => "33",
        Colour::Cyan => "36",
        Colour::Magenta => "35",
        Colour::Bold => "1",
    };
    format!("\x1b[{code}m{text}\x1b[0m")
}

/// A duration in a readable form: `0.4 s`, `2 min 05 s`.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_a_person_says_them() {
        assert_eq!(duration(Duration::from_millis(440)), "0.4 s");
        assert_eq!(duration(Duration::from_secs(125)), "2 min 05 s");
    }
}
