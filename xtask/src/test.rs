//! Everything that CI runs, in the order in which it fails soonest.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context, Result, bail};

use crate::run::{command, node_tool, recorded, visibly};
use crate::summary::{Counts, Summary};
use crate::{coverage, demo, known_bugs, package, project, size, tools, vectors, wasm};

/// Where JavaScript tests run.
const PLACES: [&str; 3] = ["Node.js", "workerd", BROWSER];
const BROWSER: &str = "Chromium";

/// The native tests of a verifier that leaves the arithmetic of public keys to others, as the shipped one does.
pub const WITHOUT_KERNELS: &[&str] = &["--no-default-features", "--features", "verify", "--test", "keys"];

/// How much is tested.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All but what needs a browser, and coverage.
    Quick,
    /// All that is worth its time after any change.
    Usual,
    /// Also what is worth it only where arithmetic may have changed.
    Thorough,
}

/// How many cases a thorough comparison of arithmetic with that of others has. All of them take five minutes.
const THOROUGH_CASES: &str = "500000";

/// Runs the tests.
pub fn run(extent: Extent) -> Result<()> {
    tools::require()?;
    let mut summary = Summary::default();
    let result = every_step(extent, &mut summary);
    if !summary.is_empty() {
        println!("\n{summary}");
    }
    result
}

fn every_step(extent: Extent, summary: &mut Summary) -> Result<()> {
    announce("format", || visibly(command("cargo").args(["fmt", "--all", "--check"])))?;
    announce("clippy", clippy)?;
    announce("native tests", || native(summary))?;
    package::build()?;
    announce("types of the demo", || visibly(node_tool("tsc").args(["--project", "www"])))?;
    javascript(extent, &package::pack()?, summary)?;
    announce("sizes", size::check)?;
    if extent != Extent::Quick {
        announce("coverage", coverage::run)?;
        announce("demo", || demo::check(None))?;
    }
    if extent == Extent::Thorough {
        announce("arithmetic", || arithmetic(summary))?;
        announce("known bugs", || {
            let counts = known_bugs::run()?;
            count("known bugs", counts.failed == 0, counts, summary)
        })?;
    }
    Ok(())
}

/// The tests of the arithmetic, optimized but with overflow checks, in many more cases.
fn arithmetic(summary: &mut Summary) -> Result<()> {
    let mut cargo = command("cargo");
    cargo.args(["test", "--profile", "thorough", "--package", "tollgate", "--lib", "crypto::"]);
    let (success, output) = recorded(cargo.env("TOLLGATE_CASES", THOROUGH_CASES))?;
    count("native", success, Counts::of_cargo(&output), summary)
}

fn announce(step: &str, action: impl FnOnce() -> Result<()>) -> Result<()> {
    eprintln!("\n== {step}");
    action().with_context(|| format!("step \"{step}\""))
}

fn clippy() -> Result<()> {
    let clippy =
        |arguments: &[&str]| visibly(command("cargo").arg("clippy").args(arguments).args(["--", "-D", "warnings"]));
    clippy(&["--workspace", "--all-targets"])?;
    // Each shipped build by itself, and the crate without features: what one needs must not come from another.
    clippy(&["--package", "tollgate", "--no-default-features"])?;
    wasm::BUILDS.iter().try_for_each(|build| {
        let features = format!("wasm,{}", build.features);
        clippy(&["--package", "tollgate", "--target", tools::WASM, "--no-default-features", "--features", &features])
    })
}

fn native(summary: &mut Summary) -> Result<()> {
    let everything: &[&str] = &["--workspace", "--no-fail-fast"];
    for arguments in [everything, WITHOUT_KERNELS] {
        let (success, output) = recorded(command("cargo").arg("test").args(arguments))?;
        count("native", success, Counts::of_cargo(&output), summary)?;
    }
    Ok(())
}

fn javascript(extent: Extent, tarball: &Path, summary: &mut Summary) -> Result<()> {
    vectors::write(&project::vectors())?;
    let mut suites = suites()?;
    for place in PLACES.into_iter().filter(|place| extent != Extent::Quick || *place != BROWSER) {
        let mut node = command("node");
        // Colours would stand in the lines that are counted.
        node.env_remove("FORCE_COLOR").env("TOLLGATE_TARBALL", tarball).env("TOLLGATE_VECTORS", project::vectors());
        if extent == Extent::Thorough {
            node.env("TOLLGATE_THOROUGH", "1");
        }
        if place == BROWSER {
            node.env("CHROMIUM_PATH", tools::chromium()?);
        }
        let files = suites.remove(place).filter(|files| !files.is_empty());
        let files = files.with_context(|| format!("tests/js has no tests for {place}"))?;
        node.args(["--test", "--test-reporter=spec"]).args(files);
        announce(&format!("tests in {place}"), || {
            let (success, output) = recorded(&mut node)?;
            count(place, success, Counts::of_node(&output), summary)
        })?;
    }
    Ok(())
}

/// The test files of each place, which their directory tells.
fn suites() -> Result<HashMap<&'static str, Vec<PathBuf>>> {
    let mut suites: HashMap<_, Vec<_>> = HashMap::new();
    for directory in entries(&project::root().join("tests/js"))?.into_iter().filter(|path| path.is_dir()) {
        let place = match directory.file_name().and_then(OsStr::to_str) {
            Some("workerd") => "workerd",
            Some("browser") => BROWSER,
            _ => "Node.js",
        };
        let files = entries(&directory)?.into_iter().filter(|file| file.to_string_lossy().ends_with(".test.mjs"));
        suites.entry(place).or_default().extend(files);
    }
    Ok(suites)
}

fn entries(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(directory)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>())
        .with_context(|| format!("cannot read {}", directory.display()))?;
    paths.sort();
    Ok(paths)
}

fn count(place: &'static str, success: bool, counts: Counts, summary: &mut Summary) -> Result<()> {
    summary.add(place, counts);
    match (success, counts.passed) {
        (true, 1..) if counts.failed == 0 => Ok(()),
        (true, 0) => bail!("no test ran in {place}"),
        _ => bail!("{} tests failed in {place}", counts.failed),
    }
}
