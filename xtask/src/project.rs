//! Where things are.

use std::env;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask/ is a directory of the repository")
}

/// The npm package.
pub fn package() -> PathBuf {
    root().join("pkg")
}

/// Cargo's target directory.
pub fn target() -> PathBuf {
    root().join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// The Wycheproof vectors, as JSON.
pub fn vectors() -> PathBuf {
    target().join("vectors")
}
