//! The tasks of the project: `cargo xtask --help`.

mod algorithms;
mod bench;
mod compare;
mod coverage;
mod demo;
mod errors;
mod inline;
mod mutants;
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
    Pack,
    /// Builds, and serves the demo beside an authorization server, until Ctrl-C
    Demo {
        /// Log in with a headless Chromium instead, and exit
        #[arg(long)]
        check: bool,
        /// The port of the demo page
        #[arg(long)]
        port: Option<u16>,
    },
    /// Runs everything that CI runs
    Test {
        /// Leave out what needs a browser
        #[arg(long)]
        quick: bool,
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
        Task::Pack => {
            package::build()?;
            println!("{}", package::pack()?.display());
            Ok(())
        }
        Task::Demo { check, port } => {
            package::build()?;
            if check { demo::check(port) } else { demo::serve(port) }
        }
        Task::Test { quick } => test::run(quick),
        Task::Compare { codes } => {
            package::build()?;
            compare::run(codes)
        }
        Task::Bench(options) => bench::run(&options),
        Task::Coverage => coverage::run(),
        Task::Mutants => mutants::run(),
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
