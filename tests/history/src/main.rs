//! `check-history FILE…`: proves or refutes, using recorded runs, that the promises of
//! docs/contract/realtime.md were kept.

use history::Checker;
use std::fs::File;
use std::io::{BufRead, BufReader, Error, Read, Write, stdin, stdout};
use std::process::ExitCode;

const HELP: &str = "\
Proves or refutes by recorded runs that the promises RT1 to RT5 and RT8 were kept.

Usage: check-history FILE…

Each FILE holds one JSON object a line, as docs/history.md describes; - is standard input. Several
files are one recording, read one after the other: what clients recorded, and then what the database
says.

Ends with 0 when nothing was broken, with 1 when something was or a line is no record, and with 2
when a file cannot be read. A rule whose records are missing is said to be not judged.
";

/// The maximum length of a line, in bytes: a whole board has to fit.
const LINE: u64 = 64 << 20;

fn main() -> ExitCode {
    let files: Vec<String> = std::env::args().skip(1).collect();
    if files.iter().any(|file| file == "--help" || file == "-h") {
        return say(HELP, ExitCode::SUCCESS);
    }
    if files.is_empty() || files.iter().any(|file| file.starts_with("--")) {
        return fail(HELP);
    }
    let mut checker = Checker::default();
    for file in &files {
        let outcome = match file.as_str() {
            "-" => read(stdin().lock(), &mut checker),
            path => File::open(path).and_then(|file| read(BufReader::new(file), &mut checker)),
        };
        if let Err(error) = outcome {
            return fail(&format!("{file}: {error}\n"));
        }
    }
    let verdict = checker.finish();
    let code = if verdict.is_proved() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    say(&format!("{verdict}\n"), code)
}

/// Reads line by line: a recording may be larger than memory.
fn read(mut file: impl BufRead, checker: &mut Checker) -> Result<(), Error> {
    let mut line = Vec::new();
    loop {
        line.clear();
        let length = (&mut file).take(LINE).read_until(b'\n', &mut line)?;
        if length == 0 {
            return Ok(());
        }
        if length as u64 == LINE {
            return Err(Error::other(format!("a line is longer than {LINE} bytes")));
        }
        checker.take_line(&String::from_utf8_lossy(&line));
    }
}

fn say(text: &str, code: ExitCode) -> ExitCode {
    // The reader that closed the pipe has read enough.
    let _ = stdout().write_all(text.as_bytes());
    code
}

fn fail(text: &str) -> ExitCode {
    let _ = std::io::stderr().write_all(text.as_bytes());
    ExitCode::from(2)
}
