//! The benchmark of the packed tarball beside its peers: `docs/benchmarks`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use clap::Args;

use crate::run::{command, quietly, step, visibly};
use crate::{package, project, tools};

/// What to measure.
#[derive(Args)]
pub struct Options {
    /// Two minutes: one size, without scale; in one runtime, unless others are named
    #[arg(long)]
    quick: bool,
    /// Only this runtime: node, node-latest, deno, bun, workerd or chromium; may be repeated
    #[arg(long, value_name = "NAME")]
    runtime: Vec<String>,
    /// Only this algorithm: HS256, RS256, PS256, RS256-4096, ES256, ES384 or EdDSA; may be repeated
    #[arg(long, value_name = "NAME")]
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
    if ["node-latest", "deno", "bun"].into_iter().any(|runtime| options.includes(runtime)) {
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
    let (lock, copy) = (source.join("package-lock.json"), folder.join("package-lock.json"));
    let wanted = fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    // The copy is written last, once everything is there.
    if fs::read(&copy).is_ok_and(|installed| installed == wanted) && folder.join("installed").is_file() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    fs::copy(source.join("package.json"), folder.join("package.json"))?;
    fs::copy(&lock, &copy)?;
    let installed = step("install runtimes", || {
        quietly(command("npm").current_dir(folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))
    });
    match installed {
        Ok(_) => fs::write(folder.join("installed"), "")?,
        Err(error) => eprintln!("{error:#}"),
    }
    Ok(())
}
