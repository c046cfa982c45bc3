//! The shipped wasm: Cargo, then wasm-bindgen, then wasm-opt.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;
use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::inline::Inline;
use crate::project;
use crate::run::{command, node_tool, quietly, step};
use crate::tools;

/// The shipped builds, each named like the one feature beside `wasm` that it has.
pub const BUILDS: [&str; 5] = ["verify", "rare", "jose", INSPECT, CLIENT];
const INSPECT: &str = "inspect";
const CLIENT: &str = "client";

// What rustc enables by default, and no more: a module that uses less still loads where a feature is missing.
const WASM_OPT: [&str; 10] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-multivalue",
    "--enable-reference-types",
    "-Oz",
    "--strip-producers",
    "--strip-target-features",
];

/// Builds `name` into `directory`: the glue, the wasm, and the wasm once more as text.
pub fn build(name: &str, directory: &Path) -> Result<()> {
    let stem = format!("tollgate_{name}");
    let compiled = step(&format!("compile {name}.wasm"), || compile(name))?;
    let mut bound = Bindgen::new()
        .input_path(&compiled)
        .out_name(&stem)
        .web(true)?
        .omit_default_module_path(true)
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()?;
    let wasm = optimize(name, &bound.wasm_mut().emit_wasm())?;

    fs::create_dir_all(directory)?;
    let write = |file: &str, content: &[u8]| {
        let path = directory.join(file);
        fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))
    };
    write(&format!("{stem}.js"), bound.js().as_bytes())?;
    write(&format!("{stem}.d.ts"), bound.ts().context("wasm-bindgen wrote no types")?.as_bytes())?;
    write(&format!("{stem}_bg.wasm"), &wasm)?;
    write(&format!("{stem}_bg.d.wasm.ts"), WASM_TYPES.as_bytes())?;
    write("inline.js", Inline::encode(&wasm).to_javascript().as_bytes())?;
    write("inline.d.ts", INLINE_TYPES.as_bytes())
}

fn compile(name: &str) -> Result<PathBuf> {
    // One target directory each: the two builds have one file name, and Cargo would take one's output for the other's.
    let target = directory(name);
    let features = format!("wasm,{name}");
    // The verifier computes; the client waits for the network, and had better be small.
    let opt_level = if name == CLIENT { "z" } else { "s" };
    quietly(
        command("cargo")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", opt_level)
            // They would replace the flags of `.cargo/config.toml`.
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .args(["rustc", "--quiet", "--package", "tollgate", "--lib", "--release", "--crate-type", "cdylib"])
            .args(["--no-default-features", "--features", &features])
            .args(["--target", tools::WASM, "--target-dir"])
            .arg(&target)
            .args(remap_paths(name)?),
    )?;
    Ok(target.join(tools::WASM).join("release/tollgate.wasm"))
}

/// The build with `std` has its panic messages, and those name the files of dependencies: not where they lie here.
fn remap_paths(name: &str) -> Result<Vec<String>> {
    if name != INSPECT {
        return Ok(Vec::new());
    }
    let cargo = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
    let sources = cargo.context("there is no CARGO_HOME, and no home directory")?.join("registry/src");
    let flag = Value::from(format!("--remap-path-prefix={}=crates", sources.display()));
    // What Cargo reads here comes besides the flags of `.cargo/config.toml`.
    Ok(vec!["--config".into(), format!("target.{}.rustflags=[{flag}]", tools::WASM)])
}

/// Runs wasm-opt, unless the last run had the same input.
fn optimize(name: &str, wasm: &[u8]) -> Result<Vec<u8>> {
    let directory = directory(name);
    let [input, output, key] = ["bound.wasm", "optimized.wasm", "optimized.key"].map(|file| directory.join(file));
    let lock = fs::read(project::root().join("package-lock.json"))?;
    let hash = Sha256::new().chain_update(wasm).chain_update(WASM_OPT.concat()).chain_update(lock).finalize();
    if fs::read(&key).ok().as_deref() != Some(hash.as_slice()) {
        step(&format!("optimize {name}.wasm"), || {
            fs::write(&input, wasm)?;
            quietly(node_tool("wasm-opt").args(WASM_OPT).arg(&input).arg("-o").arg(&output))
        })?;
        fs::write(&key, hash)?;
    }
    fs::read(&output).with_context(|| format!("cannot read {}", output.display()))
}

fn directory(name: &str) -> PathBuf {
    project::target().join("wasm").join(name)
}

const WASM_TYPES: &str = "declare const module: WebAssembly.Module;\nexport default module;\n";
const INLINE_TYPES: &str = "import type { InlineWasm } from '../../internal/wasm.js';\ndeclare const wasm: InlineWasm;\nexport default wasm;\n";
