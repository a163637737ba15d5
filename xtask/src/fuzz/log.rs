//! What libFuzzer says.

use std::fmt;

/// Numbers out of a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Scripts that were run.
    pub executions: u64,
    /// Seconds.
    pub seconds: u64,
    /// Edges of the program that were taken.
    pub covered: u64,
    /// Edges of the program.
    pub edges: u64,
    /// Inputs that cover them.
    pub inputs: u64,
}

impl Numbers {
    /// From a whole log.
    pub fn parse(log: &str) -> Self {
        let mut numbers = Self::default();
        for line in log.lines() {
            if let Some(rest) = line.strip_prefix("INFO: Loaded") {
                // `INFO: Loaded 1 PC tables (46083 PCs): ...`
                numbers.edges = after(rest, "PC tables (").unwrap_or(numbers.edges);
            } else if line.starts_with('#') {
                // `#12290 NEW    cov: 2243 ft: 4082 corp: 354/2684b ...`
                let executions = after(line, "#");
                numbers.executions = executions.unwrap_or(numbers.executions);
                numbers.covered = after(line, "cov: ").unwrap_or(numbers.covered);
                numbers.inputs = after(line, "corp: ").unwrap_or(numbers.inputs);
            } else if line.starts_with("Done ") {
                // `Done 12360 runs in 41 second(s)`
                numbers.seconds = after(line, " in ").unwrap_or(numbers.seconds);
            } else if let Some(units) = line.strip_prefix("stat::number_of_executed_units:") {
                numbers.executions = units.trim().parse().unwrap_or(numbers.executions);
            }
        }
        numbers
    }
}

/// The number behind some words.
fn after(line: &str, words: &str) -> Option<u64> {
    let (_, rest) = line.split_once(words)?;
    let digits = rest.trim_start();
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    digits[..end].parse().ok()
}

impl fmt::Display for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            executions,
            seconds,
            covered,
            edges,
            inputs,
        } = self;
        write!(
            f,
            "{executions} executions in {seconds} s, {covered} of {edges} edges, {inputs} inputs"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_a_log() {
        let log = "INFO: Loaded 1 modules   (46083 inline 8-bit counters): 46083 [0x5, 0x6),\n\
            INFO: Loaded 1 PC tables (46083 PCs): 46083 [0x5,0x6),\n\
            #2\tINITED cov: 900 ft: 901 corp: 1/4b exec/s: 0 rss: 31Mb\n\
            #12290\tNEW    cov: 2243 ft: 4082 corp: 354/2684b lim: 14 exec/s: 307 rss: 31Mb\n\
            #12360\tDONE   cov: 2243 ft: 4082 corp: 355/2684b lim: 14 exec/s: 301 rss: 31Mb\n\
            Done 12360 runs in 41 second(s)\n\
            stat::number_of_executed_units: 12361\n";
        let numbers = Numbers {
            executions: 12361,
            seconds: 41,
            covered: 2243,
            edges: 46083,
            inputs: 355,
        };
        assert_eq!(Numbers::parse(log), numbers);
        assert_eq!(Numbers::parse("nothing\n#x\n"), Numbers::default());
    }
}
