//! The names of what a module and its glue share, made short: nobody reads them, and a bundler does not know both sides.

use std::collections::HashMap;

use anyhow::{Context, Result};
use walrus::Module;

/// How the types of `initSync` call the memory.
const MEMORY: &str = "memory";

/// Renames imports and exports, and returns the glue that does. Exports that `glue` does not use go.
pub fn shorten(module: &mut Module, glue: &str) -> Result<String> {
    let used: Vec<&str> = exports_in(glue).map(|(name, _)| name).collect();
    let unused = module.exports.iter().filter(|export| export.name != MEMORY && !used.contains(&export.name.as_str()));
    for id in unused.map(|export| export.id()).collect::<Vec<_>>() {
        module.exports.delete(id);
    }
    let mut exports = HashMap::new();
    for (number, export) in module.exports.iter_mut().filter(|export| export.name != MEMORY).enumerate() {
        let long = std::mem::replace(&mut export.name, letters(number));
        exports.insert(long, export.name.clone());
    }
    let mut renamed = glue.split(EXPORTS).next().unwrap_or_default().to_owned();
    for (name, rest) in exports_in(glue) {
        renamed += EXPORTS;
        renamed += exports.get(name).map_or(name, String::as_str);
        renamed += rest;
    }

    for (number, import) in module.imports.iter_mut().enumerate() {
        let long = std::mem::replace(&mut import.name, letters(number));
        replace(&mut renamed, &format!("{long}: function("), &format!("{}: function(", import.name))?;
        let long = std::mem::replace(&mut import.module, IMPORTS.into());
        if number == 0 {
            replace(&mut renamed, &format!("\"{long}\": import0"), &format!("\"{IMPORTS}\": import0"))?;
        }
    }
    Ok(renamed)
}

fn replace(glue: &mut String, long: &str, short: &str) -> Result<()> {
    let at = glue.find(long).with_context(|| format!("the glue has no {long:?}"))?;
    glue.replace_range(at..at + long.len(), short);
    Ok(())
}

/// The one module that imports are of.
const IMPORTS: &str = "_";

/// What the glue calls the exports of the instance.
const EXPORTS: &str = "wasm.";

/// The name of each export that the glue uses, and what follows until the next.
fn exports_in(glue: &str) -> impl Iterator<Item = (&str, &str)> {
    let end = |text: &str| text.find(|char: char| !char.is_ascii_alphanumeric() && char != '_').unwrap_or(text.len());
    glue.split(EXPORTS).skip(1).map(move |text| text.split_at(end(text)))
}

/// The name of this number: one letter, and then two.
fn letters(number: usize) -> String {
    let letter = |number: usize| char::from(b"abcdefghijklmnopqrstuvwxyz"[number % 26]);
    match number.checked_sub(26) {
        None => letter(number).into(),
        Some(rest) => [letter(rest / 26), letter(rest)].iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use walrus::{FunctionBuilder, ValType};

    const GLUE: &str = "\
say() { return wasm.some_say(this.ptr); }
const registry = new FinalizationRegistry(ptr => wasm.__wbg_some_free(ptr, 1)); // of the wasm.
memory() { return wasm.memory.buffer; }
const import0 = {
__wbg_throw_1: function(arg0) {
},
__wbg_start_2: function() {
},
};
return { \"./some_bg.js\": import0 };
";

    fn module() -> Module {
        let mut module = Module::default();
        let ty = module.types.add(&[ValType::I32], &[]);
        for name in ["__wbg_throw_1", "__wbg_start_2"] {
            module.add_import_func("./some_bg.js", name, ty);
        }
        let memory = module.memories.add_local(false, false, 1, None, None);
        module.exports.add("memory", memory);
        for name in ["unused", "some_say", "__wbg_some_free"] {
            let function = FunctionBuilder::new(&mut module.types, &[], &[]).finish(vec![], &mut module.funcs);
            module.exports.add(name, function);
        }
        module
    }

    #[test]
    fn both_sides_have_the_same_names() {
        let mut module = module();
        let glue = shorten(&mut module, GLUE).unwrap();
        assert!(module.exports.iter().map(|export| export.name.as_str()).eq(["memory", "a", "b"]));
        assert!(
            module
                .imports
                .iter()
                .map(|import| (import.module.as_str(), import.name.as_str()))
                .eq([("_", "a"), ("_", "b")])
        );
        let mut expected = GLUE.to_owned();
        for (long, short) in [
            ("some_say", "a"),
            ("__wbg_some_free", "b"),
            ("__wbg_throw_1", "a"),
            ("__wbg_start_2", "b"),
            ("./some_bg.js", "_"),
        ] {
            expected = expected.replace(long, short);
        }
        assert_eq!(glue, expected);
    }

    #[test]
    fn an_import_that_the_glue_lacks_is_refused() {
        let error = shorten(&mut module(), &GLUE.replace("start_2", "stop_2")).unwrap_err().to_string();
        assert!(error.contains("__wbg_start_2"), "{error}");
    }

    #[test]
    fn no_two_numbers_have_one_name() {
        let mut names: Vec<String> = (0..26 * 27).map(letters).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 26 * 27);
    }
}
