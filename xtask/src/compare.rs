//! How strict each library is, from a real run: `docs/compare.md`.

use anyhow::Result;

use crate::project;
use crate::run::{command, visibly};

/// Runs every library on every case, prints the tables and writes them; fails when one of our answers is not the strict one.
///
/// `codes` prints the error of each refusal too.
pub fn run(codes: bool) -> Result<()> {
    let mut node = command("node");
    node.args(["--no-warnings", "tests/compare/compare.mjs", "--write"]).arg(project::root().join("docs/compare.md"));
    if codes {
        node.arg("--codes");
    }
    visibly(&mut node)
}
