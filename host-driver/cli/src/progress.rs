//! A progress bar, on a terminal only (it goes to standard error; elsewhere nothing is drawn).
//!
//! One at a time: two would draw over each other. While a bar stands, those of the parts of its work are not drawn.

use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Whether a bar stands on the terminal.
static TERMINAL: AtomicBool = AtomicBool::new(false);

/// A bar; it is taken away when it is dropped, at the latest.
pub struct Bar {
    bar: ProgressBar,
    drawn: AtomicBool,
    /// Whether there is one where this one would be.
    place: &'static AtomicBool,
}

impl Bar {
    fn new(bar: ProgressBar, template: &str, tick: u64, place: &'static AtomicBool) -> Self {
        let drawn = !place.swap(true, Ordering::AcqRel);
        if drawn {
            let style = ProgressStyle::with_template(template);
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.enable_steady_tick(Duration::from_millis(tick));
        } else {
            bar.set_draw_target(indicatif::ProgressDrawTarget::hidden());
        }
        Self {
            bar,
            drawn: AtomicBool::new(drawn),
            place,
        }
    }

    /// Takes the bar away, and lets the next one be drawn.
    pub fn finish_and_clear(&self) {
        if self.drawn.swap(false, Ordering::AcqRel) {
            self.bar.finish_and_clear();
            self.place.store(false, Ordering::Release);
        }
    }
}

impl Deref for Bar {
    type Target = ProgressBar;

    fn deref(&self) -> &ProgressBar {
        &self.bar
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.finish_and_clear();
    }
}

/// A bar of `length` things.
pub fn bar(length: usize, what: &'static str) -> Bar {
    let bar = ProgressBar::new(length as u64).with_message(what);
    Bar::new(
        bar,
        "{msg:32} [{bar:30}] {pos}/{len}  {elapsed}, {eta} left",
        500,
        &TERMINAL,
    )
}

/// For work without a known length.
pub fn spinner(what: &'static str) -> Bar {
    let bar = ProgressBar::new_spinner().with_message(what);
    Bar::new(bar, "{msg:32} {spinner} {elapsed}", 200, &TERMINAL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bar_is_drawn_at_a_time() {
        static PLACE: AtomicBool = AtomicBool::new(false);
        let bar = || Bar::new(ProgressBar::new(1), "{bar}", 500, &PLACE);
        let drawn = |bar: &Bar| bar.drawn.load(Ordering::Acquire);
        let outer = bar();
        let inner = bar();
        assert!(drawn(&outer) && !drawn(&inner) && inner.is_hidden());
        // A part that ends leaves the whole standing.
        drop(inner);
        assert!(!drawn(&bar()));
        outer.finish_and_clear();
        let next = bar();
        assert!(drawn(&next));
        // Taken away before, it takes nothing else away when it is dropped.
        drop(outer);
        assert!(!drawn(&bar()));
        drop(next);
        assert!(drawn(&bar()));
    }
}
