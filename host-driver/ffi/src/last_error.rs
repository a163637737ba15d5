//! The last failure of each thread, and the place where panics end: none leaves a function of the library.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::ffi::{CString, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::status::{Failure, Result, Status};

thread_local! {
    static TEXT: RefCell<CString> = RefCell::default();
    static BOARD_CODE: Cell<u32> = const { Cell::new(0) };
}

/// Runs the body of a function and gives its number; what went wrong is kept for the thread.
pub fn answer(body: impl FnOnce() -> Result<()>) -> i32 {
    // What a panic may leave half-done is behind the board's lock, and a poisoned lock is never taken again.
    let failure = match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => return Status::Ok as i32,
        Ok(Err(failure)) => failure,
        Err(panic) => Failure::new(
            Status::Internal,
            format!("the library failed: {}", panic_text(panic.as_ref())),
        ),
    };
    let number = failure.status as i32;
    keep(failure);
    number
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no text")
}

fn keep(failure: Failure) {
    let text = CString::new(failure.text.replace('\0', " ")).unwrap_or_default();
    // While a thread ends there is nobody left to tell.
    let _ = TEXT.try_with(|kept| kept.replace(text));
    let _ = BOARD_CODE.try_with(|kept| kept.set(failure.board_code));
}

/// The text of the thread's last failure, its own until the thread's next failure.
pub fn text() -> *const c_char {
    TEXT.try_with(|kept| kept.borrow().as_ptr())
        .unwrap_or(c"".as_ptr())
}

/// The board's code of the thread's last failure.
pub fn board_code() -> u32 {
    BOARD_CODE.try_with(Cell::get).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept() -> String {
        TEXT.with(|kept| kept.borrow().to_string_lossy().into_owned())
    }

    #[test]
    fn panics_and_failures_become_numbers() {
        assert_eq!(answer(|| Ok(())), 0);
        assert_eq!(answer(|| panic!("word {}", 7)), Status::Internal as i32);
        assert_eq!(kept(), "the library failed: word 7");
        let refused = || {
            Err(Failure {
                status: Status::Board,
                board_code: 15,
                text: "in\0use".into(),
            })
        };
        assert_eq!(answer(refused), Status::Board as i32);
        assert_eq!((kept().as_str(), board_code()), ("in use", 15));
        // Another thread has its own.
        let other = std::thread::spawn(|| (kept(), board_code())).join();
        assert_eq!(other.expect("a thread"), (String::new(), 0));
        // Success leaves the last failure where it is.
        assert_eq!(answer(|| Ok(())), 0);
        assert_eq!(kept(), "in use");
    }
}
