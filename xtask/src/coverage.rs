//! Which lines of the core the native tests run.
//!
//! Test modules do not count: neither files called `tests.rs` nor what stands in a `#[cfg(test)] mod`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::project;
use crate::run::{command, quietly, step};
use crate::test;
use crate::tools::{self, LlvmTools};

/// What is measured, each by itself.
const DIRECTORIES: [&str; 3] = ["src/jose", "src/verify", "src/text"];

/// Percent of the lines of a directory that must run.
const MINIMUM: f64 = 96.0;

/// The test binaries that say nothing about these directories, and take long without optimization.
const LEFT_OUT: [&str; 2] = ["wycheproof", "layers"];

/// The tests that say nothing about them either.
const LEFT_OUT_TESTS: &str = "crypto::";

/// Builds that have lines of their own, as arguments of cargo: everything, and the verifier that leaves some arithmetic to
/// others.
const BUILDS: [&[&str]; 2] = [&["--lib", "--tests"], test::WITHOUT_KERNELS];

/// Runs the native tests with counters, prints what ran, and fails where that is too little.
pub fn run() -> Result<()> {
    let tools = tools::llvm()?;
    let lcov = measure(&tools)?;
    let files = lines(&lcov, |file| fs::read_to_string(project::root().join(file)).unwrap_or_default());
    println!("{}", table(&files));
    let low: Vec<&str> = DIRECTORIES.into_iter().filter(|directory| Figure::of(&files, directory).is_low()).collect();
    if low.is_empty() {
        Ok(())
    } else {
        bail!("the tests run less than {MINIMUM} % of the lines of {}", low.join(", "))
    }
}

/// What `llvm-cov export` says about a run of the tests.
fn measure(tools: &LlvmTools) -> Result<String> {
    let folder = project::target().join("coverage");
    let raw = folder.join("raw");
    if raw.exists() {
        fs::remove_dir_all(&raw)?;
    }
    let cargo = |arguments: &[&str]| {
        let mut cargo = command("cargo");
        // With a target, neither build scripts nor macros are counted.
        cargo.args(["test", "--package", "tollgate", "--target", &tools.host]).args(arguments);
        cargo.env("CARGO_TARGET_DIR", &folder).env("RUSTFLAGS", "-C instrument-coverage");
        cargo.env("LLVM_PROFILE_FILE", raw.join("%p-%m.profraw"));
        cargo
    };
    let mut binaries: Vec<PathBuf> = Vec::new();
    for build in BUILDS {
        let messages = step(&format!("cargo test --no-run {}, with counters", build.join(" ")), || {
            quietly(cargo(build).args(["--no-run", "--message-format=json"]))
        })?;
        let built = binaries.len();
        binaries.extend(messages.lines().filter_map(test_binary));
        if binaries.len() == built {
            bail!("cargo built no test");
        }
    }
    step("the native tests, with counters", || {
        binaries.iter().try_for_each(|binary| {
            let mut test = command(binary.to_str().context("a path that is not UTF-8")?);
            test.args(["--skip", LEFT_OUT_TESTS]);
            quietly(test.env("LLVM_PROFILE_FILE", raw.join("%p-%m.profraw"))).map(drop)
        })
    })?;
    let profile = folder.join("tests.profdata");
    quietly(command(&tools.profdata).args(["merge", "--sparse"]).arg(&raw).arg("--output").arg(&profile))?;
    let objects = binaries.iter().flat_map(|binary| [Path::new("--object"), binary]);
    quietly(
        command(&tools.cov)
            .args(["export", "--format=lcov", "--skip-functions"])
            .arg("--instr-profile")
            .arg(&profile)
            .args(objects)
            .arg("--sources")
            .args(DIRECTORIES.map(|directory| project::root().join(directory)))
            .args(DIRECTORIES.map(|directory| project::root().join(directory).with_extension("rs"))),
    )
}

/// The path of the test binary that a message of cargo is about.
fn test_binary(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let name = message.pointer("/target/name")?.as_str()?;
    let path = message.get("executable")?.as_str()?;
    (!LEFT_OUT.contains(&name)).then(|| path.into())
}

/// Whether a line ran, for each line of code of each file.
type Lines = BTreeMap<String, BTreeMap<usize, bool>>;

/// Reads the lcov format: `SF:<file>`, then `DA:<line>,<count>` for each line.
fn lines(lcov: &str, source: impl Fn(&str) -> String) -> Lines {
    let root = project::root().to_string_lossy();
    let mut files = Lines::new();
    let mut current = None;
    for line in lcov.lines() {
        if let Some(path) = line.strip_prefix("SF:") {
            let file = path.strip_prefix(&*root).unwrap_or(path).trim_start_matches('/').to_owned();
            let counted = !file.ends_with("/tests.rs");
            current = counted.then(|| (test_lines(&source(&file)), files.entry(file).or_default()));
        } else if let (Some(data), Some((tests, lines))) = (line.strip_prefix("DA:"), &mut current) {
            let mut numbers = data.split(',').map_while(|number| number.parse::<usize>().ok());
            if let (Some(line), Some(count)) = (numbers.next(), numbers.next())
                && !tests.contains(&line)
            {
                *lines.entry(line).or_default() |= count > 0;
            }
        }
    }
    files
}

/// The lines of the modules of a file that are compiled for tests only. They stand at the left margin, as rustfmt has it.
fn test_lines(source: &str) -> Vec<usize> {
    let mut lines = source.lines().enumerate();
    let mut found = Vec::new();
    while let Some((_, line)) = lines.next() {
        if line == "#[cfg(test)]" && lines.next().is_some_and(|(_, module)| !module.ends_with(';')) {
            found.extend(lines.by_ref().take_while(|(_, line)| *line != "}").map(|(index, _)| index + 1));
        }
    }
    found
}

/// How many lines there are, and how many of them ran.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Figure {
    lines: usize,
    ran: usize,
}

impl Figure {
    fn of(files: &Lines, prefix: &str) -> Self {
        let below = |file: &str| {
            file.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest == ".rs" || rest.starts_with('/'))
        };
        let lines = || files.iter().filter(|(file, _)| below(file)).flat_map(|(_, lines)| lines.values());
        Self { lines: lines().count(), ran: lines().filter(|ran| **ran).count() }
    }

    fn percent(self) -> f64 {
        100.0 * self.ran as f64 / self.lines.max(1) as f64
    }

    /// A directory of which nothing was measured is low too.
    fn is_low(self) -> bool {
        self.lines == 0 || self.percent() < MINIMUM
    }
}

fn table(files: &Lines) -> String {
    let mut text = format!("{:<28}{:>7}{:>7}\n", "", "lines", "ran");
    let mut row = |name: &str, figure: Figure, missed: &str| {
        let line = format!("{name:<28}{:>7}{:>7.1} %  {missed}", figure.lines, figure.percent());
        writeln!(text, "{}", line.trim_end()).expect("a String takes everything");
    };
    for directory in DIRECTORIES {
        row(directory, Figure::of(files, directory), "");
        for (file, lines) in files.iter().filter(|(file, _)| file.starts_with(directory)) {
            row(&format!("  {}", &file["src/".len()..]), Figure::of(files, file), &missed(lines));
        }
    }
    text
}

/// The lines that did not run, as ranges of what stands together.
fn missed(lines: &BTreeMap<usize, bool>) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    let mut extends = false;
    for (line, ran) in lines {
        match ranges.last_mut().filter(|_| extends && !ran) {
            Some((_, last)) => *last = *line,
            None if !ran => ranges.push((*line, *line)),
            None => {}
        }
        extends = !ran;
    }
    let shown =
        ranges.iter().map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") });
    shown.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "\
fn a() {}
#[cfg(test)]
mod tests;
fn b() {}

#[cfg(test)]
mod more_tests {
    fn c() {}
    fn d() {}
}

fn e() {}
";

    #[test]
    fn test_modules_do_not_count() {
        assert_eq!(test_lines(SOURCE), [8, 9]);
        let lcov =
            "SF:src/jose/a.rs\nDA:1,7\nDA:8,9\nDA:12,0\nend_of_record\nSF:src/jose/a/tests.rs\nDA:1,1\nend_of_record\n";
        let files = lines(lcov, |_| SOURCE.into());
        assert_eq!(files["src/jose/a.rs"], BTreeMap::from([(1, true), (12, false)]));
        assert_eq!(files.len(), 1);
    }

    #[test]
    fn a_line_ran_when_it_ran_in_any_binary() {
        let lcov = "SF:src/text/a.rs\nDA:1,0\nDA:2,0\nend_of_record\nSF:src/text/a.rs\nDA:1,3\nend_of_record\n";
        let files = lines(lcov, |_| String::new());
        assert_eq!(Figure::of(&files, "src/text"), Figure { lines: 2, ran: 1 });
        assert_eq!(Figure::of(&files, "src/tex"), Figure::default());
    }

    #[test]
    fn what_was_not_measured_is_too_little() {
        assert!(Figure::default().is_low());
        assert!(Figure { lines: 1000, ran: 959 }.is_low());
        assert!(!Figure { lines: 1000, ran: 960 }.is_low());
    }

    #[test]
    fn lines_that_did_not_run_are_shown_as_ranges() {
        let lines = [(1, true), (2, false), (3, false), (7, false), (8, true), (9, false)];
        assert_eq!(missed(&lines.into()), "2-7, 9");
    }
}
