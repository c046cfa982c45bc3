//! Whether the tests see the bugs of arithmetic that are known: each is put back in a copy of the tree, and its test has to fail.
//!
//! The lists are `tests/mutations/*.toml`. Some of the bugs were real, and no public vector showed them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::project;
use crate::run::{command, quietly};
use crate::summary::Counts;

/// What the tests of the arithmetic need, and no more.
const FEATURES: [&str; 3] = ["--no-default-features", "--features", "verify,kernels"];

/// A list of bugs.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bugs {
    mutation: Vec<Bug>,
}

/// A bug, and who sees it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bug {
    /// Where it goes, from the root of the repository.
    file: PathBuf,
    /// What stands there once.
    find: String,
    /// What is put in its place.
    replace: String,
    /// What is wrong then.
    why: String,
    /// The test that has to fail, as a filter of `cargo test`.
    test: String,
}

/// Puts each bug back and runs its test; fails when one passes.
pub fn run() -> Result<Counts> {
    let copy = project::target().join("known-bugs");
    let (tree, target) = (copy.join("tree"), copy.join("target"));
    copy_tree(&tree)?;
    let cargo = |arguments: &[&str]| {
        let mut cargo = command("cargo");
        cargo.current_dir(&tree).env("CARGO_TARGET_DIR", &target).args([
            "test",
            "--quiet",
            "--package",
            "tollgate",
            "--lib",
        ]);
        cargo.args(FEATURES).args(arguments);
        cargo
    };
    let tests = quietly(&mut cargo(&["--", "--list"]))?;
    let mut counts = Counts::default();
    for bug in bugs()? {
        if !tests.lines().any(|line| line.ends_with(": test") && line.contains(&bug.test)) {
            bail!("{}: there is no test {}", bug.file.display(), bug.test);
        }
        let path = tree.join(&bug.file);
        let source = fs::read_to_string(&path).with_context(|| format!("cannot read {}", bug.file.display()))?;
        fs::write(&path, with_bug(&source, &bug)?)?;
        let compiled = quietly(&mut cargo(&["--no-run"]));
        let output = cargo(&[&bug.test]).output()?;
        fs::write(&path, source)?;
        compiled.with_context(|| format!("{}: \"{}\" does not compile", bug.file.display(), bug.replace))?;
        let is_seen = !output.status.success() && Counts::of_cargo(&String::from_utf8_lossy(&output.stdout)).failed > 0;
        eprintln!("{} {}: {}", if is_seen { "seen  " } else { "MISSED" }, bug.file.display(), bug.why);
        if is_seen {
            counts.passed += 1;
        } else {
            counts.failed += 1;
        }
    }
    Ok(counts)
}

fn bugs() -> Result<Vec<Bug>> {
    let mut bugs = Vec::new();
    let mut lists: Vec<_> =
        fs::read_dir(project::root().join("tests/mutations"))?.collect::<std::io::Result<Vec<_>>>()?;
    lists.sort_by_key(fs::DirEntry::path);
    for list in lists {
        let parse = || Ok::<Bugs, anyhow::Error>(toml::from_str(&fs::read_to_string(list.path())?)?);
        bugs.extend(parse().with_context(|| format!("cannot read {}", list.path().display()))?.mutation);
    }
    Ok(bugs)
}

fn with_bug(source: &str, Bug { file, find, replace, .. }: &Bug) -> Result<String> {
    match source.matches(find.as_str()).count() {
        1 => Ok(source.replacen(find.as_str(), replace, 1)),
        count => bail!("{}: \"{find}\" stands there {count} times", file.display()),
    }
}

/// Copies what git knows of, as it is.
fn copy_tree(tree: &Path) -> Result<()> {
    let files = quietly(command("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]))?;
    for file in files.lines().filter(|file| project::root().join(file).is_file()) {
        let (from, to) = (project::root().join(file), tree.join(file));
        let content = fs::read(&from)?;
        // What has not changed keeps its time, and is not compiled again.
        if fs::read(&to).ok().as_ref() != Some(&content) {
            fs::create_dir_all(to.parent().context("a file in no directory")?)?;
            fs::write(&to, content)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bug_of_the_lists_can_be_put_back() {
        let bugs = bugs().unwrap();
        assert!(bugs.len() > 20, "{} bugs", bugs.len());
        for bug in bugs {
            let source = fs::read_to_string(project::root().join(&bug.file)).unwrap();
            assert_ne!(with_bug(&source, &bug).unwrap(), source, "{}", bug.why);
        }
    }
}
