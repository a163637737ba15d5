//! What functions answer. The numbers stand in the header and are stable.

use goldilane_driver::Error;
use goldilane_driver_vfio::{ConnectError, NameError};

macro_rules! statuses {
    ($($name:ident = $number:literal $header:literal;)*) => {
        /// Outcome of a call.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(i32)]
        pub enum Status {
            $($name = $number,)*
        }

        impl Status {
            /// Each, with its name in the header.
            #[cfg(test)]
            pub const ALL: &'static [(Status, &'static str)] = &[$((Status::$name, $header)),*];
        }
    };
}

statuses! {
    Ok = 0 "GOLDILANE_OK";
    NullPointer = 1 "GOLDILANE_NULL_POINTER";
    BadArgument = 2 "GOLDILANE_BAD_ARGUMENT";
    WrongSize = 3 "GOLDILANE_WRONG_SIZE";
    NoDevice = 4 "GOLDILANE_NO_DEVICE";
    Unsupported = 5 "GOLDILANE_UNSUPPORTED";
    DeviceFailed = 6 "GOLDILANE_DEVICE_FAILED";
    KeyRefused = 7 "GOLDILANE_KEY_REFUSED";
    Board = 8 "GOLDILANE_BOARD_ERROR";
    ResultLost = 9 "GOLDILANE_RESULT_LOST";
    TimedOut = 10 "GOLDILANE_TIMED_OUT";
    NoFreeSlot = 11 "GOLDILANE_NO_FREE_SLOT";
    EntriesFailed = 12 "GOLDILANE_ENTRIES_FAILED";
    Internal = 13 "GOLDILANE_INTERNAL";
}

/// A call that failed.
#[derive(Debug)]
pub struct Failure {
    /// What it answers.
    pub status: Status,
    /// The board's code, 0 if the board has nothing to do with it.
    pub board_code: u32,
    /// For a person.
    pub text: String,
}

/// Result of a call.
pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure that the board has nothing to do with.
    pub fn new(status: Status, text: impl Into<String>) -> Self {
        Self {
            status,
            board_code: 0,
            text: text.into(),
        }
    }

    /// An object of another size.
    pub fn size(object: &str, found: usize, expected: usize) -> Self {
        let text = format!("{object}: {found} words where {expected} are needed");
        Self::new(Status::WrongSize, text)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let status = match &error {
            Error::Device { .. }
            | Error::LinkDown { .. }
            | Error::CompletionDamaged { .. }
            | Error::CompletionMissing { .. } => Status::DeviceFailed,
            Error::Unsupported { .. } => Status::Unsupported,
            Error::WrongSize { .. } => Status::WrongSize,
            Error::KeyRefused(_) => Status::KeyRefused,
            Error::Board { .. } | Error::UnknownCode { .. } | Error::Pair { .. } => Status::Board,
            Error::RecordMissing { .. }
            | Error::ResultDamaged { .. }
            | Error::CopyDamaged { .. } => Status::ResultLost,
            Error::TimedOut { .. } => Status::TimedOut,
            Error::NoFreeSlot { .. } => Status::NoFreeSlot,
            // Mistakes of the driver and of this crate: sizes are checked before and tickets stay inside.
            Error::KeySource { .. } | Error::OutOfBuffer { .. } | Error::UnknownTicket { .. } => {
                Status::Internal
            }
        };
        let board_code = match &error {
            Error::UnknownCode { number, .. } => *number,
            other => other.code().map_or(0, |code| code as u32),
        };
        Self {
            status,
            board_code,
            text: error.to_string(),
        }
    }
}

impl From<NameError> for Failure {
    fn from(error: NameError) -> Self {
        Self::new(Status::BadArgument, format!("open: {error}"))
    }
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        Self::new(Status::NoDevice, error.to_string())
    }
}
