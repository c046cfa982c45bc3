//! Whether a test fails for each small change of the checks: cargo-mutants on what decides about a token.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::project;
use crate::run::{command, quietly, step, visibly};
use crate::tools;

/// The crate, and its version, that makes the changes.
const TOOL: (&str, &str) = ("cargo-mutants", "27.1.0");

/// What is changed, as globs: claims, times, options, keys by name, spellings.
const SOURCES: [&str; 6] = [
    "src/jose/claims.rs",
    "src/jose/claims/**/*.rs",
    "src/jose/jwks.rs",
    "src/text/base64url.rs",
    "src/text/json/number.rs",
    "src/verify/options.rs",
];

/// The tests that must notice: those beside the sources, which take no time.
const TESTS: [&str; 1] = ["--lib"];

/// Changes one operator, condition or result at a time in a copy of the tree; fails when the tests pass all the same.
pub fn run() -> Result<()> {
    let tool = tool()?;
    let mut mutants = command(tool.to_str().context("a path that is not UTF-8")?);
    mutants.args(["mutants", "--package", "tollgate", "--jobs", "1", "--no-shuffle", "--output"]);
    mutants.arg(project::target().join("mutants"));
    for source in SOURCES {
        mutants.args(["--file", source]);
    }
    visibly(mutants.arg("--").args(TESTS)).context("see the lines MISSED above: no test notices these changes")
}

/// cargo-mutants, installed below the target directory where there is none.
fn tool() -> Result<PathBuf> {
    let (name, version) = TOOL;
    let root = project::target().join("tools");
    let installed = root.join("bin").join(name);
    if let Some(found) = tools::find(name) {
        return Ok(found);
    }
    if !installed.is_file() {
        step(&format!("cargo install {name}"), || {
            quietly(command("cargo").args(["install", name, "--version", version, "--locked", "--root"]).arg(&root))
        })?;
    }
    Ok(installed)
}
