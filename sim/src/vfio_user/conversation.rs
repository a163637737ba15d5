//! A board and its client in the caller's thread: nothing happens but what the caller asks for. For tests in which the same
//! messages must always find the same board.

use std::io;
use std::os::unix::net::UnixStream;

use goldilane_vfio_user::Stream;

use super::client::{Client, Turn};
use super::site::Site;
use crate::board::Board;

/// A board in its slot, and the client that it has.
pub struct Conversation<B> {
    site: Site<B>,
    client: Option<Client>,
}

impl<B: Board> Conversation<B> {
    /// A board after power-up, without a client.
    pub fn new(board: B) -> Self {
        Self {
            site: Site::new(board),
            client: None,
        }
    }

    /// The board in its slot.
    pub fn site(&mut self) -> &mut Site<B> {
        &mut self.site
    }

    /// A new client, the one before being left; its end of the connection.
    ///
    /// # Errors
    /// No socket to be had.
    pub fn connect(&mut self) -> io::Result<UnixStream> {
        self.part();
        let (ours, theirs) = UnixStream::pair()?;
        self.client = Some(Client::new(Stream::new(ours)?));
        Ok(theirs)
    }

    /// Leaves the client, as when it has gone.
    pub fn part(&mut self) {
        if self.client.take().is_some() {
            self.site.part();
        }
    }

    /// Carries out the messages that are there; whether the client is still there.
    pub fn serve(&mut self) -> bool {
        while let Some(client) = &mut self.client {
            match client.serve_one(&mut self.site) {
                Ok(Turn::Quiet) => return true,
                Ok(Turn::Answered | Turn::Refused(_)) => {}
                Err(_) => self.part(),
            }
        }
        false
    }
}
