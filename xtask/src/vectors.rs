//! Writes the Wycheproof vectors as JSON, for the test of the shipped wasm.

#[path = "../../tests/wycheproof/vectors.rs"]
mod wycheproof;

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde_json::{Value, json};
use tollgate::text::base64url::encode;

/// Writes `wycheproof.json` into `dir`.
pub fn write(dir: &Path) -> anyhow::Result<()> {
    let sets: Vec<Value> = wycheproof::sets().iter().map(set).collect();
    let file = dir.join("wycheproof.json");
    fs::create_dir_all(dir)
        .and_then(|()| fs::write(&file, Value::from(sets).to_string()))
        .with_context(|| format!("cannot write {}", file.display()))
}

fn set(set: &wycheproof::Set) -> Value {
    let groups: Vec<Value> = set.groups.iter().map(group).collect();
    json!({ "name": set.name, "alg": set.alg, "cases": set.cases, "valid": set.valid, "groups": groups })
}

fn group(group: &wycheproof::Group) -> Value {
    let cases: Vec<Value> = group.cases.iter().map(case).collect();
    json!({ "jwk": group.jwk, "weakKey": group.weak_key, "cases": cases })
}

fn case(case: &wycheproof::Case) -> Value {
    json!({
        "id": case.id,
        "comment": case.comment,
        "message": encode(&case.message),
        "signature": encode(&case.signature),
        "valid": case.valid,
    })
}
