//! Progress bars, on a terminal only (they go to standard error; elsewhere nothing is drawn).

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// A bar of `length` things.
pub fn bar(length: usize, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(length as u64).with_message(what);
    bar.set_style(style(
        "{msg:32} [{bar:30}] {pos}/{len}  {elapsed}, {eta} left",
    ));
    bar.enable_steady_tick(Duration::from_millis(500));
    bar
}

/// For work without a known length.
pub fn spinner(what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_message(what);
    bar.set_style(style("{msg:32} {spinner} {elapsed}"));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
