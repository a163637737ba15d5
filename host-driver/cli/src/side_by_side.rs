//! Long work on several boards: one board a processor at a time, and one that fails ends no other.

use std::any::Any;
use std::iter;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, ScopedJoinHandle};

use anyhow::{Result, anyhow};

use crate::progress;

/// Does `work` for each item, those in front first; what came of each, in no order. A panic is an error of its item.
///
/// On threads of their own: a thread that waits for a board must not take up another one, whose seconds would be counted twice.
pub fn each<'a, I: Sync, T: Send>(
    items: &'a [I],
    what: &'static str,
    work: impl Fn(&'a I) -> Result<T> + Sync,
) -> Vec<(&'a I, Result<T>)> {
    let bar = progress::bar(items.len(), what);
    let left = Mutex::new(items.iter());
    let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
    let thread = || {
        let one = |item| {
            // An item has nothing in common with the others but the folder of what is kept, where only whole ones are.
            let outcome = catch_unwind(AssertUnwindSafe(|| work(item)))
                .unwrap_or_else(|panic| Err(anyhow!("panicked: {}", told(&*panic))));
            bar.inc(1);
            (item, outcome)
        };
        iter::from_fn(next).map(one).collect::<Vec<_>>()
    };
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let outcomes = thread::scope(|scope| {
        let threads: Vec<_> = (0..processors).map(|_| scope.spawn(thread)).collect();
        let join = |thread: ScopedJoinHandle<'_, _>| {
            let joined: thread::Result<Vec<_>> = thread.join();
            joined.unwrap_or_else(|panic| resume_unwind(panic))
        };
        threads.into_iter().flat_map(join).collect()
    });
    bar.finish_and_clear();
    outcomes
}

/// What a panic said.
fn told(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without a word")
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    #[test]
    fn one_that_fails_ends_no_other() {
        let items: Vec<usize> = (0..20).collect();
        let outcomes = each(&items, "items", |item| match item {
            3 => Err(anyhow!("no compiler").context("build the model")),
            7 => panic!("at word {}", 3),
            other => Ok(other + 1),
        });
        assert_eq!(outcomes.len(), items.len());
        for (item, outcome) in outcomes {
            match (item, outcome) {
                (3, Err(error)) => {
                    assert_eq!(format!("{error:#}"), "build the model: no compiler");
                }
                (7, Err(error)) => assert_eq!(error.to_string(), "panicked: at word 3"),
                (item, outcome) => assert_eq!(outcome.context("none other").unwrap(), item + 1),
            }
        }
    }
}
