//! The tools that a task needs: found, installed where that is ours to do, or asked for in one sentence.

use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::project;
use crate::run::{command, quietly, step};

/// The target of the shipped builds.
pub const WASM: &str = "wasm32-unknown-unknown";

const NODE: (u32, u32) = (20, 19);
const CHROMIUM: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Everything that `build` needs.
pub fn require() -> Result<()> {
    wasm_target()?;
    node()?;
    npm_packages()
}

/// A Chromium, installed from Debian where none is found.
pub fn chromium() -> Result<PathBuf> {
    if let Some(path) = env::var_os("CHROMIUM_PATH").map(PathBuf::from) {
        return if path.is_file() { Ok(path) } else { bail!("CHROMIUM_PATH names no file; point it at a Chromium") };
    }
    if let Some(path) = find_chromium() {
        return Ok(path);
    }
    let missing = "no Chromium was found; install Debian's `chromium`, or set CHROMIUM_PATH";
    if find("apt-get").is_none() || quietly(command("id").arg("-u"))?.trim() != "0" {
        bail!(missing);
    }
    step("apt-get install chromium", || {
        let apt = || {
            let mut apt = command("apt-get");
            apt.env("DEBIAN_FRONTEND", "noninteractive").arg("--quiet");
            apt
        };
        quietly(apt().arg("update"))?;
        quietly(apt().args(["install", "--yes", "--no-install-recommends", "chromium"]))
    })
    .context(missing)?;
    find_chromium().context(missing)
}

/// The tools of LLVM that read the counters of this compiler's code.
pub struct LlvmTools {
    /// `llvm-profdata`
    pub profdata: String,
    /// `llvm-cov`
    pub cov: String,
    /// The target that the compiler itself runs on.
    pub host: String,
}

/// The [`LlvmTools`], which are a component of the toolchain.
pub fn llvm() -> Result<LlvmTools> {
    let version = quietly(command("rustc").args(["--verbose", "--version"]))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    let sysroot = quietly(command("rustc").args(["--print", "sysroot"]))?;
    let bin = Path::new(sysroot.trim()).join("lib/rustlib").join(host).join("bin");
    if !bin.join("llvm-cov").is_file() {
        step("rustup component add llvm-tools", || quietly(command("rustup").args(["component", "add", "llvm-tools"])))
            .context("Rust has no llvm-tools; install them with `rustup component add llvm-tools`")?;
    }
    let tool = |name: &str| bin.join(name).to_string_lossy().into_owned();
    Ok(LlvmTools { profdata: tool("llvm-profdata"), cov: tool("llvm-cov"), host: host.to_owned() })
}

fn wasm_target() -> Result<()> {
    let libraries = quietly(command("rustc").args(["--print", "target-libdir", "--target", WASM]))?;
    if Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    step("rustup target add", || quietly(command("rustup").args(["target", "add", WASM])))
        .with_context(|| format!("Rust has no {WASM}; install it with `rustup target add {WASM}`"))?;
    Ok(())
}

fn node() -> Result<()> {
    let (major, minor) = NODE;
    let wanted = format!("install Node.js {major}.{minor} or later, with npm");
    for tool in ["node", "npm"] {
        if find(tool).is_none() {
            bail!("`{tool}` was not found; {wanted}");
        }
    }
    let version = quietly(command("node").arg("--version"))?;
    if node_version(&version).is_none_or(|version| version < NODE) {
        bail!("Node.js {} is too old; {wanted}", version.trim());
    }
    Ok(())
}

fn node_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().strip_prefix('v')?.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

fn npm_packages() -> Result<()> {
    let root = project::root();
    // npm writes this file last, so its age is the age of the installation.
    let installed = modified(&root.join("node_modules/.package-lock.json"))?;
    if installed.is_some() && installed >= modified(&root.join("package-lock.json"))? {
        return Ok(());
    }
    step("npm ci", || quietly(command("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])))?;
    Ok(())
}

fn modified(path: &Path) -> Result<Option<SystemTime>> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(metadata.modified()?)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

fn find_chromium() -> Option<PathBuf> {
    CHROMIUM.iter().find_map(|name| find(name))
}

fn find(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|directory| directory.join(program)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions_compare_by_number() {
        assert_eq!(node_version("v20.19.0\n"), Some(NODE));
        assert!(node_version("v20.9.1") < Some(NODE));
        assert!(node_version("v100.0.0") > Some(NODE));
        assert_eq!(node_version("20.19"), None);
    }
}
