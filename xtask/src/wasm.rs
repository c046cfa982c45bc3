//! The shipped wasm: Cargo, then wasm-bindgen, then wasm-opt.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;
use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::{Bindgen, EncodeInto};

use crate::glue;
use crate::inline::Inline;
use crate::names;
use crate::project;
use crate::run::{command, node_tool, quietly, step};
use crate::tools;

/// A wasm module of the package.
pub struct Build {
    /// What its files are called after.
    pub name: &'static str,
    /// The features beside `wasm`, as Cargo takes them.
    pub features: &'static str,
    /// `s` where speed is a matter of few functions, `z` where there is the network to wait for, 3 for arithmetic.
    opt_level: &'static str,
    /// What it needs of the engine beyond what rustc assumes.
    simd: &'static [&'static str],
    /// What LLVM is told besides, where that was measured to help.
    llvm: &'static [&'static str],
}

/// The shipped builds.
pub const BUILDS: [Build; 13] = [
    Build::new("verify", "verify", "s"),
    Build::new("jose", "jose", "s"),
    Build::new(INSPECT, INSPECT, "s"),
    Build::new("client", "client", "z"),
    Build::new("oauth", "oauth", "z"),
    Build::new("p256", "kernel-p256", "3"),
    Build::new("p384", "kernel-p384", "3"),
    // 0.7 kB gzip less, and no slower.
    Build { llvm: &["-unroll-threshold=40"], ..Build::new("ed25519", "kernel-ed25519", "3") },
    Build { llvm: RSA_LLVM, ..Build::new("rsa", "kernel-rsa", "3") },
    Build { llvm: RSA_LLVM, simd: &["simd128"], ..Build::new("rsa_simd", "kernel-rsa", "3") },
    Build { llvm: RSA_LLVM, simd: &["simd128", "relaxed-simd"], ..Build::new("rsa_relaxed", "kernel-rsa", "3") },
    Build::new("rare", "rare", "s"),
    Build::new("portable", "portable", "s"),
];
const INSPECT: &str = "inspect";

/// Strength reduction of loops makes the addresses of windows values of their own: 2 to 15 % slower.
const RSA_LLVM: &[&str] = &["-disable-lsr"];

impl Build {
    const fn new(name: &'static str, features: &'static str, opt_level: &'static str) -> Self {
        Self { name, features, opt_level, simd: &[], llvm: &[] }
    }
}

// What rustc enables by default, and no more: a module that uses less still loads where a feature is missing.
const WASM_OPT: [&str; 9] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-multivalue",
    "--enable-reference-types",
    "--strip-producers",
    "--strip-target-features",
];

/// What wasm-opt does with a build of this level.
fn passes(opt_level: &str) -> &'static [&'static str] {
    match opt_level {
        // The order of blocks that is found anew compresses better than that of LLVM, and the second round cleans up after it.
        "z" => &[LOW_MEMORY_UNUSED, "--flatten", "--rereloop", "-Oz", "-Oz"],
        // Compressed, what is optimized for speed is hardly larger, if at all.
        "s" => &[LOW_MEMORY_UNUSED, "-O3"],
        _ => &["-O3"],
    }
}

/// What is added to an address becomes part of the load or the store: no sum wraps around to an address below 1024. Nothing is
/// there but the end of the stack, which grows towards it and is never as full.
const LOW_MEMORY_UNUSED: &str = "--low-memory-unused";

/// Builds `name` into `directory`: the glue, the wasm, and the wasm once more as text.
pub fn build(build: &Build, directory: &Path) -> Result<()> {
    let name = build.name;
    let stem = format!("tollgate_{name}");
    let compiled = step(&format!("compile {name}.wasm"), || compile(build))?;
    let mut bound = Bindgen::new()
        .input_path(&compiled)
        .out_name(&stem)
        .module(true)?
        .encode_into(EncodeInto::Always)
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()?;
    let glue = glue::javascript(bound.js())?;
    let glue = names::shorten(bound.wasm_mut(), &glue)?;
    let wasm = optimize(build, &bound.wasm_mut().emit_wasm())?;

    fs::create_dir_all(directory)?;
    let write = |file: &str, content: &[u8]| {
        let path = directory.join(file);
        fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))
    };
    write(&format!("{stem}.js"), glue.as_bytes())?;
    write(&format!("{stem}.d.ts"), glue::types(bound.ts().context("wasm-bindgen wrote no types")?).as_bytes())?;
    write(&format!("{stem}_bg.wasm"), &wasm)?;
    write(&format!("{stem}_bg.d.wasm.ts"), WASM_TYPES.as_bytes())?;
    write("inline.js", Inline::encode(&wasm).to_javascript().as_bytes())?;
    write("inline.d.ts", INLINE_TYPES.as_bytes())
}

fn compile(build: &Build) -> Result<PathBuf> {
    let Build { name, features, opt_level, .. } = build;
    // One target directory each: the builds have one file name, and Cargo would take one's output for the other's.
    let target = directory(name);
    let features = format!("wasm,{features}");
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
            .args(flags(build)?),
    )?;
    Ok(target.join(tools::WASM).join("release/tollgate.wasm"))
}

/// Flags of rustc, which Cargo reads here besides those of `.cargo/config.toml`.
fn flags(Build { name, simd, llvm, .. }: &Build) -> Result<Vec<String>> {
    let mut flags: Vec<Value> = Vec::new();
    if *name == INSPECT {
        // The build with `std` has its panic messages, and those name the files of dependencies: not where they lie here.
        let cargo = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
        let sources = cargo.context("there is no CARGO_HOME, and no home directory")?.join("registry/src");
        flags.push(format!("--remap-path-prefix={}=crates", sources.display()).into());
    }
    flags.extend(simd.iter().map(|feature| format!("-Ctarget-feature=+{feature}").into()));
    flags.extend(llvm.iter().map(|option| format!("-Cllvm-args={option}").into()));
    if flags.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec!["--config".into(), format!("target.{}.rustflags={}", tools::WASM, Value::from(flags))])
}

/// Runs wasm-opt, unless the last run had the same input.
fn optimize(Build { name, opt_level, simd, .. }: &Build, wasm: &[u8]) -> Result<Vec<u8>> {
    let passes = passes(opt_level);
    let directory = directory(name);
    let [input, output, key] = ["bound.wasm", "optimized.wasm", "optimized.key"].map(|file| directory.join(file));
    let lock = fs::read(project::root().join("package-lock.json"))?;
    let hash = Sha256::new()
        .chain_update(wasm)
        .chain_update(WASM_OPT.concat())
        .chain_update(passes.concat())
        .chain_update(simd.concat())
        .chain_update(lock)
        .finalize();
    if fs::read(&key).ok().as_deref() != Some(hash.as_slice()) {
        step(&format!("optimize {name}.wasm"), || {
            fs::write(&input, wasm)?;
            let simd = simd.iter().map(|feature| format!("--enable-{}", feature.trim_end_matches("128")));
            quietly(node_tool("wasm-opt").args(WASM_OPT).args(passes).args(simd).arg(&input).arg("-o").arg(&output))
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
