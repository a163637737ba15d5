//! Processes that never outlive this one, and never run for longer than they may.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

const LOOK: Duration = Duration::from_millis(50);
/// How long a process may take to end when it is told.
const GRACE: Duration = Duration::from_secs(20);

/// A process whose output goes to a file.
pub struct Process {
    child: Child,
    what: String,
    log: PathBuf,
}

impl Process {
    /// Starts it.
    ///
    /// # Errors
    /// No such program, a file that cannot be written.
    pub fn start(what: &str, command: &mut Command, log: &Path) -> Result<Self> {
        let file = File::create(log).with_context(|| format!("create {}", log.display()))?;
        let copy = file.try_clone().context("copy a descriptor")?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(copy)
            .spawn()
            .with_context(|| format!("start {what}"))?;
        Ok(Self {
            child,
            what: what.to_owned(),
            log: log.to_owned(),
        })
    }

    /// What it has said so far.
    pub fn said(&self) -> String {
        let bytes = std::fs::read(&self.log).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Waits until a file is there that the process makes.
    ///
    /// # Errors
    /// The process ends before, or time is over.
    pub fn wait_for(&mut self, path: &Path, limit: Duration) -> Result<()> {
        let start = Instant::now();
        while !path.exists() {
            if let Some(status) = self.child.try_wait().context("look at a process")? {
                bail!("{}: {status}\n{}", self.what, self.said());
            }
            if start.elapsed() > limit {
                bail!("{}: not ready after {limit:?}\n{}", self.what, self.said());
            }
            thread::sleep(LOOK);
        }
        Ok(())
    }

    /// Waits for the end; `None` when time is over: then it is killed.
    ///
    /// # Errors
    /// The system refuses.
    pub fn wait(&mut self, limit: Duration) -> Result<Option<ExitStatus>> {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().context("look at a process")? {
                return Ok(Some(status));
            }
            if start.elapsed() > limit {
                self.child
                    .kill()
                    .with_context(|| format!("kill {}", self.what))?;
                self.child.wait().context("wait for a process")?;
                return Ok(None);
            }
            thread::sleep(LOOK);
        }
    }

    /// Tells it to end, in order.
    ///
    /// # Errors
    /// It does not, or with a status other than 0.
    pub fn end(mut self) -> Result<()> {
        let id = self.child.id().to_string();
        // It may have ended by itself: its status tells.
        let _told = Command::new("kill").args(["-TERM", &id]).status();
        match self.wait(GRACE)? {
            Some(status) if status.success() => Ok(()),
            Some(status) => bail!("{}: {status}\n{}", self.what, self.said()),
            None => bail!("{}: did not end within {GRACE:?}", self.what),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ended_before = self.child.kill();
        let _ended_before = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Process {
        let name = format!("goldilane-process-{}-{}", std::process::id(), script.len());
        let log = std::env::temp_dir().join(name);
        Process::start("a shell", Command::new("sh").args(["-c", script]), &log).expect("a shell")
    }

    #[test]
    fn what_takes_too_long_is_killed() {
        let start = Instant::now();
        let mut slow = shell("exec sleep 30");
        assert_eq!(slow.wait(Duration::from_millis(100)).expect("an end"), None);
        assert!(start.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn what_ends_badly_is_told_with_its_words() {
        let mut failed = shell("echo because; exit 3");
        let nowhere = Path::new("/no/such/socket");
        let error = failed.wait_for(nowhere, GRACE).expect_err("it ends");
        assert!(error.to_string().contains("because"), "{error}");
        let error = shell("trap 'exit 5' TERM; while :; do sleep 0.1; done");
        thread::sleep(Duration::from_millis(300));
        let error = error.end().expect_err("status 5").to_string();
        assert!(error.contains('5'), "{error}");
    }
}
