//! How many tests ran where.

use std::fmt;

/// What a test runner counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u32,
    pub failed: u32,
    pub skipped: u32,
}

impl Counts {
    /// Reads what `cargo test` printed: one `test result:` line for each test binary.
    pub fn of_cargo(output: &str) -> Self {
        let mut counts = Self::default();
        for line in output.lines().filter_map(|line| line.trim().strip_prefix("test result: ")) {
            counts.passed += number_before(line, "passed;");
            counts.failed += number_before(line, "failed;");
            counts.skipped += number_before(line, "ignored;");
        }
        counts
    }

    /// Reads what `node --test` printed last: `ℹ pass 3` (spec reporter).
    pub fn of_node(output: &str) -> Self {
        let last = |key: &str| {
            let count = |line: &str| line.strip_prefix("ℹ ")?.strip_prefix(key)?.trim().parse().ok();
            output.lines().rev().find_map(count).unwrap_or(0)
        };
        Self {
            passed: last("pass "),
            failed: last("fail ") + last("cancelled "),
            skipped: last("skipped ") + last("todo "),
        }
    }
}

/// The counts of each place where tests ran.
#[derive(Default)]
pub struct Summary(Vec<(&'static str, Counts)>);

impl Summary {
    /// Adds the counts of `place` to those that it has.
    pub fn add(&mut self, place: &'static str, counts: Counts) {
        match self.0.iter_mut().find(|(known, _)| *known == place) {
            Some((_, sum)) => {
                sum.passed += counts.passed;
                sum.failed += counts.failed;
                sum.skipped += counts.skipped;
            }
            None => self.0.push((place, counts)),
        }
    }

    /// Whether no place was added.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut passed, mut failed) = (0, 0);
        for (place, counts) in &self.0 {
            write!(f, "{place:<10}{:>6} passed", counts.passed)?;
            for (count, what) in [(counts.failed, "failed"), (counts.skipped, "skipped")] {
                if count > 0 {
                    write!(f, ", {count} {what}")?;
                }
            }
            writeln!(f)?;
            passed += counts.passed;
            failed += counts.failed;
        }
        write!(f, "{passed} passed, {failed} failed")
    }
}

fn number_before(line: &str, word: &str) -> u32 {
    let words = line.split_whitespace();
    words
        .clone()
        .zip(words.skip(1))
        .find(|(_, next)| *next == word)
        .and_then(|(number, _)| number.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_counts_are_summed_over_test_binaries() {
        let output = "running 2 tests\n\
            test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: FAILED. 40 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s\n";
        assert_eq!(Counts::of_cargo(output), Counts { passed: 42, failed: 3, skipped: 1 });
    }

    #[test]
    fn node_counts_are_those_of_the_end() {
        let output = "ℹ pass 1\n✔ a test (1ms)\nℹ tests 9\nℹ suites 0\nℹ pass 5\nℹ fail 1\nℹ cancelled 1\nℹ skipped 2\nℹ todo 0\n";
        assert_eq!(Counts::of_node(output), Counts { passed: 5, failed: 2, skipped: 2 });
    }

    #[test]
    fn output_without_a_summary_counts_nothing() {
        assert_eq!(Counts::of_cargo("error: could not compile"), Counts::default());
        assert_eq!(Counts::of_node("SyntaxError"), Counts::default());
    }

    #[test]
    fn the_last_line_is_the_total() {
        let mut summary = Summary::default();
        summary.add("native", Counts { passed: 40, failed: 0, skipped: 1 });
        summary.add("native", Counts { passed: 2, failed: 0, skipped: 0 });
        summary.add("Node", Counts { passed: 5, failed: 2, skipped: 0 });
        let text = summary.to_string();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines,
            ["native        42 passed, 1 skipped", "Node           5 passed, 2 failed", "47 passed, 2 failed"]
        );
    }
}
