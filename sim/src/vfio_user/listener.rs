//! A socket that a board waits at, for devices or for its side channel.

use std::fs;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a board does not wait at a socket.
#[derive(Debug, Error)]
pub enum ListenError {
    /// Somebody answers there.
    #[error("listen at {}: another process serves a board there", .0.display())]
    InUse(PathBuf),
    /// Something else lies there, which is not touched.
    #[error("listen at {}: there is something that is no socket", .0.display())]
    NoSocket(PathBuf),
    /// The system refused.
    #[error("listen at {}: {source}", path.display())]
    Refused {
        /// The path.
        path: PathBuf,
        /// What it said.
        #[source]
        source: io::Error,
    },
}

/// A socket with a name; the name goes with it.
#[derive(Debug)]
pub struct Listener {
    socket: UnixListener,
    path: PathBuf,
    identity: (u64, u64),
}

impl Listener {
    /// Waits at a path. A socket that a dead process left there is removed.
    ///
    /// # Errors
    /// See [`ListenError`].
    pub fn bind(path: &Path) -> Result<Self, ListenError> {
        let refused = |source| ListenError::Refused {
            path: path.to_owned(),
            source,
        };
        if let Ok(found) = fs::symlink_metadata(path) {
            if !found.file_type().is_socket() {
                return Err(ListenError::NoSocket(path.to_owned()));
            }
            match UnixStream::connect(path) {
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                    fs::remove_file(path).map_err(refused)?;
                }
                Ok(_) => return Err(ListenError::InUse(path.to_owned())),
                Err(error) => return Err(refused(error)),
            }
        }
        let socket = UnixListener::bind(path).map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => ListenError::InUse(path.to_owned()),
            _ => refused(error),
        })?;
        socket.set_nonblocking(true).map_err(refused)?;
        let found = fs::symlink_metadata(path).map_err(refused)?;
        Ok(Self {
            socket,
            path: path.to_owned(),
            identity: (found.dev(), found.ino()),
        })
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The next client, if one is there.
    pub(crate) fn accept(&self) -> Option<UnixStream> {
        self.socket.accept().ok().map(|(stream, _)| stream)
    }
}

impl AsFd for Listener {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // Only the own name: another process may have taken the path over.
        let found = fs::symlink_metadata(&self.path).map(|found| (found.dev(), found.ino()));
        if found.is_ok_and(|found| found == self.identity) {
            let _gone_already = fs::remove_file(&self.path);
        }
    }
}
