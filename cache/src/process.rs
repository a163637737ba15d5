//! Running a program, with errors that a reader can act upon.

use std::path::PathBuf;
use std::process::{Command, Output};

use crate::Error;

/// How many bytes of a failed program's output an error carries.
const OUTPUT_KEPT: usize = 4000;

/// Runs `command` and returns its output; a status other than zero is an error that ends with what it printed.
///
/// `remedy` is said when the program is not there.
pub fn run(operation: &str, command: &mut Command, remedy: &'static str) -> Result<Output, Error> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|source| {
        if source.kind() == std::io::ErrorKind::NotFound {
            Error::Missing {
                operation: operation.to_owned(),
                program: program.clone(),
                remedy,
            }
        } else {
            Error::Io {
                operation: "run",
                path: program.clone().into(),
                source,
            }
        }
    })?;
    if output.status.success() {
        return Ok(output);
    }
    let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
    said.push_str(&String::from_utf8_lossy(&output.stderr));
    Err(Error::Command {
        operation: operation.to_owned(),
        command: line(command),
        status: output.status.to_string(),
        output: tail(said.trim(), OUTPUT_KEPT),
    })
}

/// The program `name` on the PATH.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
}

fn line(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(
        command
            .get_args()
            .map(|word| word.to_string_lossy().into_owned()),
    );
    words.join(" ")
}

fn tail(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let mut from = text.len() - most;
    while !text.is_char_boundary(from) {
        from += 1;
    }
    format!("... {}", &text[from..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_named_with_its_remedy() {
        let error = run(
            "weigh a feather",
            &mut Command::new("no-such-program-1"),
            "install it",
        )
        .expect_err("must fail");
        assert_eq!(
            error.to_string(),
            "weigh a feather: no-such-program-1 is not on the PATH; install it"
        );
    }

    #[test]
    fn a_failure_tells_command_status_and_output() {
        let error = run(
            "fail",
            Command::new("sh").args(["-c", "echo because; exit 3"]),
            "",
        )
        .expect_err("must fail");
        let text = error.to_string();
        assert!(
            text.contains("sh -c") && text.contains("exit status: 3") && text.contains("\nbecause"),
            "{text}"
        );
    }

    #[test]
    fn a_long_output_keeps_its_end() {
        assert_eq!(tail("ä1234", 5), "... 1234".to_owned());
        assert_eq!(tail("abc", 5), "abc");
    }
}
