//! What a command prints, and its exit code.

use std::fmt;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Context;
use serde::Serialize;

/// The exit codes, for `--help`.
pub const EXIT_CODES: &str = "Exit codes: 0 done and all agrees, 1 a difference was found or a row of a table failed, 2 unusable arguments, 3 the command could not be carried out.";

/// How a command that was carried out ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All agrees.
    Agrees,
    /// Something differs.
    Differs,
}

impl From<bool> for Verdict {
    fn from(agrees: bool) -> Self {
        if agrees { Self::Agrees } else { Self::Differs }
    }
}

/// Arguments that cannot be used, found after parsing.
#[derive(Debug)]
pub struct BadArgument(pub String);

impl fmt::Display for BadArgument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadArgument {}

#[derive(Serialize)]
struct Failure {
    error: String,
    exit_code: u8,
}

/// An error with its causes; some errors tell theirs themselves, and once is enough.
fn message(error: &anyhow::Error) -> String {
    error.chain().fold(String::new(), |text, cause| {
        let cause = cause.to_string();
        match text.as_str() {
            "" => cause,
            known if known.ends_with(&cause) => text,
            _ => format!("{text}: {cause}"),
        }
    })
}

/// Tells people something on standard error, if anybody is there.
pub fn complain(text: impl fmt::Display) {
    // Nothing is left to do where even that fails.
    let _ = writeln!(io::stderr(), "{text}");
}

/// Standard output: text for people, or one JSON object.
///
/// When its reader has gone (`goldilane ... | head`), the rest of the text is dropped and the command goes on: its files
/// are written and its exit code is its own.
pub struct Output {
    json: bool,
    /// Why nothing more can be written.
    broken: Mutex<Option<io::Error>>,
}

impl Output {
    /// Text, or JSON.
    pub fn new(json: bool) -> Self {
        Self {
            json,
            broken: Mutex::new(None),
        }
    }

    fn broken(&self) -> MutexGuard<'_, Option<io::Error>> {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn print(&self, text: impl fmt::Display) {
        let mut broken = self.broken();
        if broken.is_none() {
            let mut stdout = io::stdout().lock();
            let written = writeln!(stdout, "{text}").and_then(|()| stdout.flush());
            *broken = written.err();
        }
    }

    /// Whether nobody can read what is printed: for commands that go on until they are told to end.
    pub fn is_broken(&self) -> bool {
        self.broken().is_some()
    }

    /// A line for people.
    pub fn line(&self, text: impl fmt::Display) {
        if !self.json {
            self.print(text);
        }
    }

    /// The object of `--json`.
    ///
    /// # Errors
    /// A value that JSON cannot hold.
    pub fn object(&self, value: &impl Serialize) -> anyhow::Result<()> {
        if self.json {
            self.print(serde_json::to_string_pretty(value).context("write the result as JSON")?);
        }
        Ok(())
    }

    /// Why the text did not arrive, but for a reader that went on purpose.
    fn lost(&self) -> Option<anyhow::Error> {
        let broken = self.broken().take()?;
        let gone = broken.kind() == ErrorKind::BrokenPipe;
        (!gone).then(|| anyhow::Error::new(broken).context("write to standard output"))
    }

    /// Reports a failure and makes the exit code.
    pub fn end(&self, verdict: anyhow::Result<Verdict>) -> ExitCode {
        let verdict = verdict.and_then(|verdict| self.lost().map_or(Ok(verdict), Err));
        match verdict {
            Ok(Verdict::Agrees) => ExitCode::SUCCESS,
            Ok(Verdict::Differs) => ExitCode::from(1),
            Err(error) => {
                let exit_code = if error.is::<BadArgument>() { 2 } else { 3 };
                let error = message(&error);
                complain(format_args!("error: {error}"));
                let failure = Failure { error, exit_code };
                // A JSON reader gets an object in any case; nothing is left to do if even that fails.
                let _ = self.object(&failure);
                ExitCode::from(exit_code)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::anyhow;

    #[test]
    fn causes_are_told_once() {
        let error = anyhow!("no such file")
            .context("read a.v: no such file")
            .context("start");
        assert_eq!(message(&error), "start: read a.v: no such file");
    }
}
