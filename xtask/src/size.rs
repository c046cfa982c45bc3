//! What each entry of the npm package costs to download, after esbuild bundled and minified it.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::project;
use crate::run::{command, node_tool, quietly, step};
use crate::snapshot::{Row, Table};

const ENTRIES: [&str; 7] = [
    "tollgate",
    "tollgate/verify",
    "tollgate/client",
    "tollgate/oauth",
    "tollgate/jose",
    "tollgate/inspect",
    "tollgate/errors",
];
/// The entries whose wasm is a file of its own where a runtime imports wasm.
const WORKERD_ENTRIES: [&str; 6] =
    ["tollgate", "tollgate/verify", "tollgate/client", "tollgate/oauth", "tollgate/jose", "tollgate/inspect"];

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

/// Adds up `files`, each compressed by itself as it is over the wire.
fn row(name: String, files: &BTreeSet<String>) -> Result<Row> {
    let sizes = quietly(command("node").arg("xtask/src/compressed-sizes.mjs").args(files))?;
    let sizes: Vec<[u64; 3]> = serde_json::from_str(&sizes)?;
    let [raw, gzip, brotli] = [0, 1, 2].map(|column| sizes.iter().map(|file| file[column]).sum());
    Ok(Row { name, raw, gzip, brotli })
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
    fn the_sizes_of_files_add_up() {
        let files = ["Cargo.toml", "Cargo.lock"].map(String::from);
        let [one, other] = files.clone().map(|file| row(file.clone(), &BTreeSet::from([file])).unwrap());
        let both = row("both".into(), &BTreeSet::from(files)).unwrap();
        assert_eq!(both.raw, one.raw + other.raw);
        assert_eq!(both.gzip, one.gzip + other.gzip);
        assert_eq!(both.brotli, one.brotli + other.brotli);
        assert!(both.brotli < both.gzip && both.gzip < both.raw);
    }
}
