//! Boards that are served to the guest, each by a process of its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::process::Process;

/// A model may have to be built.
const LIMIT: Duration = Duration::from_secs(400);

/// A board in a slot of the guest.
pub struct Board {
    /// What it is.
    pub kind: &'static str,
    /// Its configuration.
    pub configuration: &'static str,
    /// Arguments of `goldilane conform` for it.
    pub arguments: &'static [&'static str],
    /// Its socket.
    pub socket: PathBuf,
    /// The socket of its side channel.
    pub side_channel: PathBuf,
}

impl Board {
    /// The boards: everything on toy keys, and bootstraps of full strength on a Verilated one.
    pub fn all(sockets: &Path) -> Vec<Self> {
        let full: &[_] = &[
            "--only",
            "transport",
            "--only",
            "queues",
            "--vectors",
            "/vectors",
        ];
        let rows: [(_, _, &'static [&'static str]); 3] = [
            ("model", "toy", &[]),
            ("rtl", "toy", &[]),
            ("rtl", "sim", full),
        ];
        let board = |(index, (kind, configuration, arguments))| Self {
            kind,
            configuration,
            arguments,
            socket: sockets.join(format!("board{index}.sock")),
            side_channel: sockets.join(format!("side{index}.sock")),
        };
        rows.into_iter().enumerate().map(board).collect()
    }

    /// Its name.
    pub fn name(&self) -> String {
        format!("{} {}", self.kind, self.configuration)
    }

    /// Serves it.
    ///
    /// # Errors
    /// A process that does not get ready.
    pub fn serve(&self, goldilane: &Path, log: &Path) -> Result<Process> {
        let mut command = Command::new(goldilane);
        command
            .args([
                "serve",
                "--board",
                self.kind,
                "--config",
                self.configuration,
            ])
            .arg("--socket")
            .arg(&self.socket)
            .arg("--side-channel")
            .arg(&self.side_channel);
        let what = format!("goldilane serve, {}", self.name());
        let mut process = Process::start(&what, &mut command, log)?;
        process.wait_for(&self.socket, LIMIT)?;
        Ok(process)
    }
}
