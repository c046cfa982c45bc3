//! The npm package: generated sources, TypeScript, tarball.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::run::{command, node_tool, quietly, step};
use crate::{algorithms, errors, project, tools, wasm};

// They belong to the repository, and the tarball has them too, under the same paths: links from one to another hold.
const DOCUMENTS: [&str; 11] = [
    "README.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "docs/compare.md",
    "docs/jose.md",
    "docs/kernels.md",
    "docs/oauth.md",
    "docs/oauth",
    "docs/verify.md",
];

/// Builds `pkg/dist`.
pub fn build() -> Result<()> {
    build_only(&[])
}

/// Builds `pkg/dist` with these wasm modules anew, and the others as they are; without names, with all of them anew.
pub fn build_only(names: &[String]) -> Result<()> {
    tools::require()?;
    let package = project::package();
    let (sources, dist) = (package.join("src/generated"), package.join("dist"));

    let is_built = |build: &&wasm::Build| names.is_empty() || names.iter().any(|name| name == build.name);
    if let Some(name) = names.iter().find(|name| wasm::BUILDS.iter().all(|build| build.name != **name)) {
        bail!("there is no wasm module called {name}");
    }
    if names.is_empty() {
        remove(&sources)?;
    }
    fs::create_dir_all(&sources)?;
    fs::write(sources.join("algorithms.ts"), algorithms::typescript())?;
    fs::write(sources.join("errors.ts"), errors::typescript())?;
    for build in wasm::BUILDS.iter().filter(is_built) {
        wasm::build(build, &sources.join(build.name))?;
    }

    remove(&dist)?;
    step("tsc", || quietly(node_tool("tsc").arg("--project").arg(&package)))?;
    // tsc emits what it compiles; the glue is JavaScript already.
    for wasm::Build { name, .. } in &wasm::BUILDS {
        copy(&sources.join(name), &dist.join("generated").join(name))?;
    }
    step("bundle", || quietly(command("node").arg("xtask/src/bundle.mjs").arg(&package)))?;
    Ok(())
}

/// Packs what [`build`] built, and returns the path of the tarball.
pub fn pack() -> Result<PathBuf> {
    let npm = project::target().join("npm");
    remove(&npm)?;
    let staged = npm.join("package");
    let package = project::package();
    copy(&package.join("dist"), &staged.join("dist"))?;
    copy(&package.join("package.json"), &staged.join("package.json"))?;
    fs::create_dir_all(staged.join("docs"))?;
    for document in DOCUMENTS {
        copy(&project::root().join(document), &staged.join(document))?;
    }
    let printed = step("npm pack", || {
        quietly(command("npm").current_dir(&staged).args(["pack", "--silent", "--pack-destination"]).arg(&npm))
    })?;
    let tarball = printed.lines().last().context("npm pack named no tarball")?;
    Ok(npm.join(tarball))
}

fn remove(directory: &Path) -> Result<()> {
    if directory.exists() {
        fs::remove_dir_all(directory).with_context(|| format!("cannot remove {}", directory.display()))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    if from.is_dir() {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
        return Ok(());
    }
    fs::copy(from, to).with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    Ok(())
}
