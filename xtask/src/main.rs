//! The tasks of the project: `cargo xtask --help`.

mod algorithms;
mod bench;
mod compare;
mod coverage;
mod demo;
mod errors;
mod glue;
mod inline;
mod known_bugs;
mod mutants;
mod names;
mod package;
mod project;
mod run;
mod size;
mod snapshot;
mod summary;
mod test;
mod tools;
mod vectors;
mod wasm;

use std::process::ExitCode;

use clap::Parser;

/// The tasks of the Tollgate project.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
enum Task {
    /// Builds the wasm and the npm package, into pkg/dist
    Build,
    /// Builds, and packs the npm package into target/npm
    Pack {
        /// Build only this wasm module anew (several times for several); for the inner loop
        #[arg(long, value_name = "NAME")]
        only: Vec<String>,
    },
    /// Builds, and serves the demo beside an authorization server, until Ctrl-C
    Demo {
        /// Log in with a headless Chromium instead, and exit
        #[arg(long)]
        check: bool,
        /// The port of the demo page
        #[arg(long)]
        port: Option<u16>,
    },
    /// Runs the tests
    Test {
        /// Leave out what needs a browser, and coverage
        #[arg(long)]
        quick: bool,
        /// Also put known bugs back, and compare the arithmetic in many more cases, as CI does; takes a quarter of an hour more
        #[arg(long, conflicts_with = "quick")]
        thorough: bool,
    },
    /// Builds, and compares how strict we and other libraries are, into docs/compare.md
    Compare {
        /// Show the error of each refusal
        #[arg(long)]
        codes: bool,
    },
    /// Builds, and measures the packed package beside other libraries, into docs/benchmarks
    Bench(bench::Options),
    /// Prints which lines of src/jose, src/verify and src/text the native tests run; fails below 96 %
    Coverage,
    /// Changes what checks a token one operator at a time, and fails when no test notices; takes minutes
    Mutants,
    /// Puts the known bugs of the arithmetic back, one at a time, and fails when their tests do not see one; takes minutes
    KnownBugs,
    /// Writes the Wycheproof vectors as JSON, into target/vectors
    Vectors,
    /// Builds, and prints what each entry of the npm package costs to download
    Size {
        /// Accept the sizes: write them to sizes.snap
        #[arg(long, conflicts_with = "check")]
        bless: bool,
        /// Fail when a size left its line in sizes.snap
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    match perform(Task::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> anyhow::Result<()> {
    match task {
        Task::Build => package::build(),
        Task::Pack { only } => {
            package::build_only(&only)?;
            println!("{}", package::pack()?.display());
            Ok(())
        }
        Task::Demo { check, port } => {
            package::build()?;
            if check { demo::check(port) } else { demo::serve(port) }
        }
        Task::Test { quick, thorough } => test::run(match (quick, thorough) {
            (true, _) => test::Extent::Quick,
            (_, true) => test::Extent::Thorough,
            _ => test::Extent::Usual,
        }),
        Task::Compare { codes } => {
            package::build()?;
            compare::run(codes)
        }
        Task::Bench(options) => bench::run(&options),
        Task::Coverage => coverage::run(),
        Task::Mutants => mutants::run(),
        Task::KnownBugs => match known_bugs::run()? {
            counts if counts.failed == 0 => Ok(()),
            counts => anyhow::bail!("the tests do not see {} of the known bugs", counts.failed),
        },
        Task::Vectors => vectors::write(&project::vectors()),
        Task::Size { bless, check } => {
            package::build()?;
            match (bless, check) {
                (true, _) => size::bless(),
                (_, true) => size::check(),
                _ => size::print(),
            }
        }
    }
}
