//! The layers of the crate: who may use whom, and that only `wasm` knows of a clock, randomness or I/O.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

/// A layer, and the layers that it may use besides itself.
const LAYERS: [(&str, &[&str]); 9] = [
    ("error", &[]),
    ("http", &[]),
    ("text", &["error"]),
    ("crypto", &[]),
    ("jose", &["error", "text", "crypto"]),
    ("discovery", &["error", "http", "text"]),
    ("verify", &["error", "http", "text", "jose", "discovery"]),
    ("oauth", &["error", "http", "text", "crypto", "jose", "discovery"]),
    ("wasm", &["error", "http", "text", "crypto", "jose", "discovery", "verify", "oauth"]),
];

/// What `oauth` uses of the layers below is no key and no signature: the boundary verifies for it.
const OAUTH_NEVER: [&str; 7] =
    ["crypto::rsa", "crypto::ecdsa", "crypto::ed25519", "crypto::hmac", "crypto::mldsa", "jose::key", "jose::pem"];

/// The files that load vectors of SIMD, for which there is no safe function that is as fast.
const LOADS: [&str; 2] = ["crypto/rsa/dot16/simd.rs", "crypto/rsa/fma51/simd.rs"];

/// Names of clocks, randomness, I/O and JavaScript.
const OUTSIDE: [&str; 11] = [
    "SystemTime",
    "Instant",
    "std::time",
    "std::net",
    "std::fs",
    "std::thread",
    "getrandom",
    "rand_core",
    "js_sys",
    "web_sys",
    "wasm_bindgen",
];

#[test]
fn each_layer_uses_only_the_layers_below_it() {
    let mut edges = 0;
    for (layer, allowed) in LAYERS {
        for (path, source) in sources(layer) {
            for used in layers_used(&source) {
                edges += 1;
                assert!(used == layer || allowed.contains(&used), "{}: `{layer}` uses `{used}`", path.display());
            }
        }
    }
    assert!(edges > 50, "only {edges} uses were seen: does this test still read the sources?");
}

#[test]
fn the_client_neither_holds_keys_nor_verifies() {
    for (path, source) in sources("oauth") {
        for name in OAUTH_NEVER {
            assert!(!source.contains(&format!("crate::{name}")), "{}: uses `{name}`", path.display());
        }
    }
}

#[test]
fn only_the_boundary_knows_the_outside() {
    for (layer, _) in LAYERS.iter().filter(|(layer, _)| *layer != "wasm") {
        for (path, source) in sources(layer) {
            for line in code(&source) {
                let words: Vec<_> =
                    line.split(|char: char| !(char.is_alphanumeric() || char == '_' || char == ':')).collect();
                for name in OUTSIDE {
                    assert!(
                        !words.iter().any(|word| word.contains(name)),
                        "{}: names `{name}`: {line}",
                        path.display()
                    );
                }
            }
        }
    }
}

#[test]
fn only_loads_and_stores_of_vectors_are_unsafe_and_give_their_reason() {
    let mut found = Vec::new();
    for (path, source) in LAYERS.iter().flat_map(|(layer, _)| sources(layer)) {
        let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        let lines: Vec<_> = source.lines().map(str::trim).collect();
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.starts_with("//")) {
            if line.split(|char: char| !(char.is_alphanumeric() || char == '_')).any(|word| word == "unsafe") {
                let moves = ["v128_load", "v128_store"].iter().any(|name| line.contains(name));
                assert!(LOADS.contains(&&*name) && moves, "{name}: {line}");
                assert!(at > 0 && lines[at - 1].starts_with("// SAFETY: "), "{name} gives no reason: {line}");
                found.push(name.clone());
            }
        }
    }
    found.sort();
    found.dedup();
    assert_eq!(found, LOADS);
}

#[test]
fn a_mac_is_compared_in_constant_time() {
    for (layer, _) in LAYERS {
        for (path, source) in sources(layer) {
            // The inner pad of RFC 2104 §2.
            let macs = code(&source).filter(|line| line.contains("Hmac<") || line.contains("0x36"));
            if path.ends_with("crypto/hmac.rs") {
                assert!(macs.count() > 0 && source.contains(".ct_eq(tag)"), "{}", path.display());
                let compares = |line: &&str| ["==", "!="].iter().any(|operator| line.contains(operator));
                let early_exit = code(&source).find(|line| compares(line) && line.contains("tag"));
                assert_eq!(early_exit, None, "{}: compares a tag byte by byte", path.display());
            } else {
                assert_eq!(macs.count(), 0, "{}: computes a MAC by itself", path.display());
            }
        }
    }
}

#[test]
fn every_module_of_the_crate_is_a_layer() {
    let lib = fs::read_to_string(root().join("lib.rs")).unwrap();
    let modules: Vec<_> = lib
        .lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';'))
        .collect();
    assert_eq!(modules.len(), LAYERS.len());
    for module in modules {
        assert!(LAYERS.iter().any(|(layer, _)| *layer == module), "{module}");
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The sources of a layer without their tests, which may use anything.
fn sources(layer: &str) -> Vec<(PathBuf, String)> {
    let mut paths = vec![root().join(layer).with_extension("rs")];
    let mut directories = vec![root().join(layer)];
    while let Some(directory) = directories.pop() {
        let Ok(entries) = fs::read_dir(directory) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                if !path.ends_with("tests") {
                    directories.push(path);
                }
            } else if path.file_name().is_some_and(|name| name != "tests.rs") {
                paths.push(path);
            }
        }
    }
    assert!(paths[0].exists(), "{}", paths[0].display());
    let without_tests = |source: String| source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned();
    paths.into_iter().map(|path| (path.clone(), without_tests(fs::read_to_string(&path).unwrap()))).collect()
}

fn code(source: &str) -> impl Iterator<Item = &str> {
    source.lines().map(str::trim).filter(|line| !line.starts_with("//"))
}

fn layers_used(source: &str) -> Vec<&str> {
    let mut used = Vec::new();
    for line in code(source) {
        let mut rest = line;
        while let Some((_, after)) = rest.split_once("crate::") {
            let end = after.find(|char: char| !(char.is_alphanumeric() || char == '_')).unwrap_or(after.len());
            used.push(&after[..end]);
            rest = after;
        }
        assert!(!line.contains("super::super"), "a path that this test cannot follow: {line}");
    }
    used
}
