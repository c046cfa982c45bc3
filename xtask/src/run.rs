//! Running other programs, and saying how long it took.

use std::io::{BufRead, BufReader, Write, stderr, stdout};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::project;

/// `program`, in the root of the repository.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(project::root());
    command
}

/// A tool that `npm ci` installed.
pub fn node_tool(name: &str) -> Command {
    let bin = project::root().join("node_modules/.bin").join(name);
    command(bin.to_str().expect("the repository has a path in UTF-8"))
}

/// Runs `command` and passes its output through.
pub fn visibly(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| cannot_start(command))?;
    if !status.success() {
        bail!("`{}` failed ({status})", line(command));
    }
    Ok(())
}

/// Runs `command` and returns its standard output; what it printed is shown only when it fails.
pub fn quietly(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| cannot_start(command))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        bail!("`{}` failed ({})\n{text}{}", line(command), output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(text)
}

/// Runs `command`, passes its output through, and returns whether it succeeded and its standard output.
pub fn recorded(command: &mut Command) -> Result<(bool, String)> {
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| cannot_start(command))?;
    let mut output = BufReader::new(child.stdout.take().expect("standard output is piped"));
    let mut text = String::new();
    let mut bytes = Vec::new();
    while output.read_until(b'\n', &mut bytes)? != 0 {
        stdout().write_all(&bytes)?;
        text.push_str(&String::from_utf8_lossy(&bytes));
        bytes.clear();
    }
    Ok((child.wait()?.success(), text))
}

/// Says that `step` began, and when it ended how many seconds it took.
pub fn step<T>(step: &str, action: impl FnOnce() -> Result<T>) -> Result<T> {
    eprint!("{step} … ");
    stderr().flush()?;
    let start = Instant::now();
    let result = action();
    eprintln!("{}{:.1} s", if result.is_ok() { "" } else { "failed after " }, start.elapsed().as_secs_f32());
    result
}

fn cannot_start(command: &Command) -> String {
    format!("cannot start `{}`", line(command))
}

fn line(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let program = program.rsplit('/').next().unwrap_or_default().to_owned();
    let words = command.get_args().map(|argument| argument.to_string_lossy().into_owned());
    [program].into_iter().chain(words).collect::<Vec<_>>().join(" ")
}
