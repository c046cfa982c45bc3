//! The benchmark of the packed tarball beside its peers: `docs/benchmarks`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use clap::Args;

use crate::run::{command, quietly, step, visibly};
use crate::{package, project, tools};

/// The runtimes, as `benches/cases.mjs` has them.
const RUNTIMES: [&str; 6] = ["node", INSTALLED[0], INSTALLED[1], INSTALLED[2], "workerd", "chromium"];
/// Those that are installed for the benchmark alone.
const INSTALLED: [&str; 3] = ["node-latest", "deno", "bun"];
/// The algorithms, as `benches/cases.mjs` has them.
const ALGORITHMS: [&str; 7] = ["HS256", "RS256", "PS256", "RS256-4096", "ES256", "ES384", "EdDSA"];

/// What to measure.
#[derive(Args)]
pub struct Options {
    /// Two minutes: one size, without scale; in one runtime, unless others are named
    #[arg(long)]
    quick: bool,
    /// Only this runtime; may be repeated
    #[arg(long, value_name = "NAME", value_parser = RUNTIMES)]
    runtime: Vec<String>,
    /// Only this algorithm; may be repeated
    #[arg(long, value_name = "NAME", value_parser = ALGORITHMS)]
    alg: Vec<String>,
    /// Write the report to docs/benchmarks also when not everything is measured
    #[arg(long)]
    write: bool,
    /// Measure nothing: write the report anew from docs/benchmarks/results.json
    #[arg(long, conflicts_with_all = ["quick", "runtime", "alg", "write"])]
    render: bool,
}

impl Options {
    fn everything(&self) -> bool {
        !self.quick && self.runtime.is_empty() && self.alg.is_empty()
    }

    fn includes(&self, runtime: &str) -> bool {
        if self.runtime.is_empty() { !self.quick } else { self.runtime.iter().any(|name| name == runtime) }
    }
}

/// Measures, and prints the report. It is written too when everything was measured, or when asked. How fast anything is fails nothing.
pub fn run(options: &Options) -> Result<()> {
    let documents = project::root().join("docs/benchmarks");
    let mut node = command("node");
    node.args(["--no-warnings", "benches/run.mjs"]);
    if options.render {
        return visibly(node.arg("--render").arg(documents));
    }
    package::build()?;
    let tarball = package::pack()?;
    let folder = project::target().join("bench");
    if INSTALLED.into_iter().any(|runtime| options.includes(runtime)) {
        install_runtimes(&folder.join("runtimes"))?;
    }
    if options.includes("chromium") {
        match tools::chromium() {
            Ok(path) => drop(node.env("CHROMIUM_PATH", path)),
            Err(error) => eprintln!("chromium: {error:#}"),
        }
    }
    node.env("TOLLGATE_TARBALL", tarball).arg("--folder").arg(folder);
    if options.quick {
        node.arg("--quick");
    }
    for name in &options.runtime {
        node.args(["--runtime", name]);
    }
    for name in &options.alg {
        node.args(["--alg", name]);
    }
    if options.everything() || options.write {
        node.arg("--write").arg(documents);
    }
    visibly(&mut node)
}

/// Installs the runtimes that are no tools of the project. One that cannot be is named in the report.
fn install_runtimes(folder: &Path) -> Result<()> {
    let source = project::root().join("benches/runtimes");
    let lock = source.join("package-lock.json");
    let wanted = fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    // Says which lock file everything was installed from.
    let mark = folder.join("installed");
    if fs::read(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    fs::copy(source.join("package.json"), folder.join("package.json"))?;
    fs::copy(&lock, folder.join("package-lock.json"))?;
    let installed = step("install runtimes", || {
        quietly(command("npm").current_dir(folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))
    });
    match installed {
        Ok(_) => fs::write(&mark, wanted).with_context(|| format!("cannot write {}", mark.display())),
        Err(error) => {
            eprintln!("{error:#}");
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_those_of_the_benchmark() {
        let cases = fs::read_to_string(project::root().join("benches/cases.mjs")).expect("benches/cases.mjs is there");
        let quoted = |list: &[&str]| list.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
        assert!(cases.contains(&format!("RUNTIMES = [{}]", quoted(&RUNTIMES))));
        let algorithms: Vec<_> =
            cases.lines().filter_map(|line| line.trim().strip_prefix("{ name: '")?.split('\'').next()).collect();
        assert_eq!(algorithms, ALGORITHMS);
    }
}
