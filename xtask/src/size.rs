//! What each entry of the npm package costs to download, after esbuild bundled and minified it.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use brotli::BrotliCompress;
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::project;
use crate::run::{node_tool, quietly, step};
use crate::snapshot::{Row, Table};

const ENTRIES: [&str; 4] = ["tollgate", "tollgate/verify", "tollgate/client", "tollgate/errors"];
/// The entries whose wasm is a file of its own where a runtime imports wasm.
const WORKERD_ENTRIES: [&str; 3] = ["tollgate", "tollgate/verify", "tollgate/client"];

/// Prints the sizes.
pub fn print() -> Result<()> {
    print!("{}", measure()?);
    Ok(())
}

/// Writes the sizes to the snapshot.
pub fn bless() -> Result<()> {
    let table = measure()?;
    print!("{table}");
    fs::write(snapshot(), table.to_string()).context("cannot write sizes.snap")
}

/// Compares the sizes with the snapshot.
pub fn check() -> Result<()> {
    let table = measure()?;
    print!("{table}");
    let old =
        fs::read_to_string(snapshot()).context("cannot read sizes.snap; write it with `cargo xtask size --bless`")?;
    let changes = table.changes_since(&Table::parse(&old)?);
    if !changes.is_empty() {
        bail!("{}; if this is meant, run `cargo xtask size --bless`", changes.join(", "));
    }
    Ok(())
}

fn snapshot() -> PathBuf {
    project::root().join("sizes.snap")
}

fn measure() -> Result<Table> {
    step("measure sizes", || {
        let mut rows = Vec::new();
        for entry in ENTRIES {
            let bundle = Bundle::of(entry, &[])?;
            rows.push(row(entry.to_owned(), &bundle.at_once)?);
            if !bundle.on_demand.is_empty() {
                rows.push(row(format!("{entry} on demand"), &bundle.on_demand)?);
            }
        }
        for entry in WORKERD_ENTRIES {
            let bundle = Bundle::of(entry, &["--conditions=workerd", "--loader:.wasm=copy"])?;
            rows.push(row(format!("{entry} in workerd"), &bundle.at_once)?);
        }
        Ok(Table(rows))
    })
}

/// The files that esbuild wrote for one entry.
struct Bundle {
    /// What static imports bring.
    at_once: BTreeSet<String>,
    /// What only a dynamic import brings.
    on_demand: BTreeSet<String>,
}

impl Bundle {
    fn of(entry: &str, options: &[&str]) -> Result<Self> {
        let directory = project::target().join("size");
        let metafile = directory.join("meta.json");
        quietly(
            node_tool("esbuild")
                .args([entry, "--bundle", "--minify", "--format=esm", "--target=es2022", "--splitting"])
                .args(["--entry-names=entry", "--log-level=warning"])
                .args(options)
                .arg(format!("--outdir={}", directory.display()))
                .arg(format!("--metafile={}", metafile.display())),
        )?;
        let metafile: Value = serde_json::from_slice(&fs::read(metafile)?)?;
        Self::read(&metafile["outputs"]).with_context(|| format!("esbuild wrote no bundle of {entry}"))
    }

    fn read(outputs: &Value) -> Option<Self> {
        let entry = outputs.as_object()?.keys().find(|path| path.ends_with("/entry.js"))?;
        let at_once = reachable(outputs, entry, &["import-statement"]);
        let all = reachable(outputs, entry, &["import-statement", "dynamic-import"]);
        Some(Self { on_demand: all.difference(&at_once).cloned().collect(), at_once })
    }
}

/// The outputs that imports of some `kinds` lead to from `entry`, and `entry`.
fn reachable(outputs: &Value, entry: &str, kinds: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![entry];
    while let Some(path) = open.pop() {
        if found.insert(path.to_owned()) {
            let imports = outputs[path]["imports"].as_array().into_iter().flatten();
            let followed = imports.filter(|import| import["kind"].as_str().is_some_and(|kind| kinds.contains(&kind)));
            open.extend(followed.filter_map(|import| import["path"].as_str()));
        }
    }
    found
}

/// Adds up `paths`, each compressed by itself as it is over the wire.
fn row(name: String, paths: &BTreeSet<String>) -> Result<Row> {
    let mut row = Row { name, raw: 0, gzip: 0, brotli: 0 };
    for path in paths {
        let bytes = fs::read(project::root().join(path)).with_context(|| format!("cannot read {path}"))?;
        row.raw += bytes.len() as u64;
        row.gzip += gzip(&bytes)?;
        row.brotli += brotli(&bytes)?;
    }
    Ok(row)
}

fn gzip(bytes: &[u8]) -> Result<u64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len() as u64)
}

fn brotli(bytes: &[u8]) -> Result<u64> {
    let mut compressed = Vec::new();
    let parameters = BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    BrotliCompress(&mut &bytes[..], &mut compressed, &parameters)?;
    Ok(compressed.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_dynamic_import_brings_is_counted_apart_unless_a_static_one_brings_it_too() {
        let import = |path: &str, kind: &str| json!({ "path": path, "kind": kind });
        let outputs = json!({
            "out/entry.js": { "imports": [import("out/shared.js", "import-statement"), import("out/lazy.js", "dynamic-import")] },
            "out/lazy.js": { "imports": [import("out/shared.js", "import-statement"), import("out/entry.js", "import-statement")] },
            "out/shared.js": { "imports": [] },
        });
        let bundle = Bundle::read(&outputs).unwrap();
        assert!(bundle.at_once.iter().eq(["out/entry.js", "out/shared.js"]));
        assert!(bundle.on_demand.iter().eq(["out/lazy.js"]));
    }

    #[test]
    fn a_gzip_stream_of_nothing_is_its_header_and_trailer() {
        assert_eq!(gzip(b"").unwrap(), 20);
        assert!(brotli(&[7; 4096]).unwrap() < 64);
    }
}
