//! What can go wrong, each with the operation, the object and, where one is known, the remedy.

use std::path::PathBuf;

/// A failure to find, fetch or fill something.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Neither `XDG_CACHE_HOME` nor `HOME` is set.
    #[error("find the cache folder: neither XDG_CACHE_HOME nor HOME is set; set one of them")]
    NoHome,
    /// A file operation failed.
    #[error("{operation} {}: {source}", path.display())]
    Io {
        /// What was tried, for example `create folder`.
        operation: &'static str,
        /// On what.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// A program that is needed is not there.
    #[error("{operation}: {program} is not on the PATH; {remedy}")]
    Missing {
        /// What was tried.
        operation: String,
        /// The program.
        program: String,
        /// How to get it.
        remedy: &'static str,
    },
    /// A program ended with an error.
    #[error("{operation}: {command} ended with {status}\n{output}")]
    Command {
        /// What was tried.
        operation: String,
        /// The command line.
        command: String,
        /// How it ended.
        status: String,
        /// The last lines that it printed.
        output: String,
    },
}

impl Error {
    /// Turns an [`std::io::Error`] into an [`Error::Io`] that names the operation and the path.
    pub fn io(
        operation: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io {
            operation,
            path,
            source,
        }
    }
}
