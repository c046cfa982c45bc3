//! Everything that CI runs, in the order in which it fails soonest.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::run::{command, recorded, visibly};
use crate::summary::{Counts, Summary};
use crate::{demo, package, project, size, tools, vectors, wasm};

/// The directories of `tests/js`, and what runs there.
const PLACES: [(&str, &str); 3] = [("node", "Node.js"), ("workerd", "workerd"), (BROWSER, "Chromium")];
const BROWSER: &str = "browser";

/// Runs every test; `quick` leaves out what needs a browser.
pub fn run(quick: bool) -> Result<()> {
    tools::require()?;
    let mut summary = Summary::default();
    let result = every_step(quick, &mut summary);
    if !summary.is_empty() {
        println!("\n{summary}");
    }
    result
}

fn every_step(quick: bool, summary: &mut Summary) -> Result<()> {
    announce("format", || visibly(command("cargo").args(["fmt", "--all", "--check"])))?;
    announce("clippy", clippy)?;
    announce("native tests", || native(summary))?;
    package::build()?;
    let tarball = package::pack()?;
    vectors::write(&project::vectors())?;
    let chromium = if quick { None } else { Some(tools::chromium()?) };
    for (directory, place) in PLACES {
        if directory != BROWSER || !quick {
            announce(&format!("tests in {place}"), || {
                javascript(directory, place, &tarball, chromium.as_deref(), summary)
            })?;
        }
    }
    announce("sizes", size::check)?;
    if !quick {
        announce("demo", || demo::check(None))?;
    }
    Ok(())
}

fn announce(step: &str, action: impl FnOnce() -> Result<()>) -> Result<()> {
    eprintln!("\n== {step}");
    action().with_context(|| format!("step \"{step}\""))
}

fn clippy() -> Result<()> {
    let clippy =
        |arguments: &[&str]| visibly(command("cargo").arg("clippy").args(arguments).args(["--", "-D", "warnings"]));
    clippy(&["--workspace", "--all-targets"])?;
    // Each shipped build by itself: what one feature needs must not come from another.
    wasm::BUILDS.into_iter().try_for_each(|name| {
        let features = format!("wasm,{name}");
        clippy(&["--package", "tollgate", "--target", tools::WASM, "--no-default-features", "--features", &features])
    })
}

fn native(summary: &mut Summary) -> Result<()> {
    let (success, output) = recorded(command("cargo").args(["test", "--workspace", "--no-fail-fast"]))?;
    count("native", success, Counts::of_cargo(&output), summary)
}

fn javascript(
    directory: &str,
    place: &'static str,
    tarball: &Path,
    chromium: Option<&Path>,
    summary: &mut Summary,
) -> Result<()> {
    let directory = project::root().join("tests/js").join(directory);
    let mut node = command("node");
    // Colours would stand in the lines that are counted.
    node.env_remove("FORCE_COLOR").env("TOLLGATE_TARBALL", tarball).env("TOLLGATE_VECTORS", project::vectors());
    if let Some(chromium) = chromium {
        node.env("CHROMIUM_PATH", chromium);
    }
    let (success, output) = recorded(node.args(["--test", "--test-reporter=spec"]).args(suites(&directory)?))?;
    count(place, success, Counts::of_node(&output), summary)
}

fn suites(directory: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(directory).with_context(|| format!("cannot read {}", directory.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    if files.is_empty() {
        bail!("no *.test.mjs is in {}", directory.display());
    }
    Ok(files)
}

fn count(place: &'static str, success: bool, counts: Counts, summary: &mut Summary) -> Result<()> {
    summary.add(place, counts);
    match (success, counts.passed) {
        (true, 1..) if counts.failed == 0 => Ok(()),
        (true, 0) => bail!("no test ran in {place}"),
        _ => bail!("{} tests failed in {place}", counts.failed),
    }
}
