//! What concerns the whole device: a fatal error of the bus, and the host that asks for the device.

use std::io;
use std::os::fd::OwnedFd;

use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};

/// A fresh event.
pub(crate) fn event() -> rustix::io::Result<OwnedFd> {
    eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)
}

/// The two events.
pub(crate) struct Alarms {
    error: OwnedFd,
    request: OwnedFd,
}

impl Alarms {
    /// Fresh events, which nobody has fired.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            error: event()?,
            request: event()?,
        })
    }

    /// Fires at a fatal error.
    pub(crate) fn error(&self) -> &OwnedFd {
        &self.error
    }

    /// Fires when the host wants the device back.
    pub(crate) fn request(&self) -> &OwnedFd {
        &self.request
    }

    /// What has happened; it stays so until [`Alarms::clear_error`], or for good.
    pub(crate) fn sounded(&self) -> Option<&'static str> {
        let mut watched =
            [&self.error, &self.request].map(|event| PollFd::new(event, PollFlags::IN));
        let now = Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        // Interrupted: whoever asks comes again.
        let _ready = poll(&mut watched, Some(&now));
        let [error, request] = watched.map(|event| event.revents().contains(PollFlags::IN));
        if error {
            return Some("the bus reported a fatal error of the device: reset the function");
        }
        request.then_some("the host asks for the device, to remove it: close it")
    }

    /// After a function level reset.
    pub(crate) fn clear_error(&self) {
        let _none = rustix::io::read(&self.error, &mut [0; 8]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fire(event: &OwnedFd) {
        rustix::io::write(event, &1_u64.to_ne_bytes()).expect("fire");
    }

    #[test]
    fn a_reset_ends_an_error_and_no_request() {
        let alarms = Alarms::new().expect("events");
        assert_eq!(alarms.sounded(), None);
        fire(alarms.request());
        fire(alarms.error());
        assert!(alarms.sounded().is_some_and(|text| text.contains("fatal")));
        alarms.clear_error();
        alarms.clear_error();
        assert!(alarms.sounded().is_some_and(|text| text.contains("remove")));
    }
}
