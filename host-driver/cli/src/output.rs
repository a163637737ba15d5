//! What a command prints, and its exit code.

use std::fmt;
use std::process::ExitCode;

use anyhow::Context;
use serde::Serialize;

/// The exit codes, for `--help`.
pub const EXIT_CODES: &str = "Exit codes: 0 done and all agrees, 1 a difference was found, 2 unusable arguments, 3 the command could not be carried out.";

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

/// Standard output: text for people, or one JSON object.
pub struct Output {
    json: bool,
}

impl Output {
    /// Text, or JSON.
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// A line for people.
    pub fn line(&self, text: impl fmt::Display) {
        if !self.json {
            println!("{text}");
        }
    }

    /// The object of `--json`.
    ///
    /// # Errors
    /// A value that JSON cannot hold.
    pub fn object(&self, value: &impl Serialize) -> anyhow::Result<()> {
        if self.json {
            let text = serde_json::to_string_pretty(value).context("write the result as JSON")?;
            println!("{text}");
        }
        Ok(())
    }

    /// Reports a failure and makes the exit code.
    pub fn end(&self, verdict: anyhow::Result<Verdict>) -> ExitCode {
        match verdict {
            Ok(Verdict::Agrees) => ExitCode::SUCCESS,
            Ok(Verdict::Differs) => ExitCode::from(1),
            Err(error) => {
                let exit_code = if error.is::<BadArgument>() { 2 } else { 3 };
                let error = message(&error);
                eprintln!("error: {error}");
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
