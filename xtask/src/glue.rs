//! The JavaScript that wasm-bindgen writes for its target `module`, which has the least in it, changed where the package
//! needs something else or could do with less. Each change is of a text that must be there.

use anyhow::{Context, Result};

/// The glue whose `initSync` instantiates a module that the caller has, where wasm-bindgen's own imports it.
pub fn javascript(bound: &str) -> Result<String> {
    let (head, rest) = around(bound, "import source wasmModule from", "\n")?;
    let mut glue = format!("{head}{rest}");

    let (head, start) = around(&glue, LOADING, "wasm = wasmInstance.exports;\n")?;
    glue = format!("{head}{}", INIT_SYNC.replace("START", start.trim()));

    // Few modules take no string.
    if glue.contains(PASS_STRING) {
        let (head, rest) = around(&glue, PASS_STRING, PASS_STRING_END)?;
        glue = format!("{head}{PASS_STRING_AT_ONCE}{rest}");
    }
    let glue = without_cleanup(&without_dispose(&glue))?;
    // An enum, which bundlers keep as it is frozen by a call.
    Ok(glue.replace(" = Object.freeze({", " = /* @__PURE__ */ Object.freeze({"))
}

/// The types of that.
pub fn types(bound: &str) -> String {
    format!("{}\n{INIT_SYNC_TYPES}", without_dispose(bound))
}

const LOADING: &str = "let wasmInstance = new WebAssembly.Instance(wasmModule, __wbg_get_imports());\nlet ";

const INIT_SYNC: &str = "let wasm;

/** Instantiates `module` on the first call; later ones need none. Returns what the instance exports. */
export function initSync({ module } = {}) {
if (wasm === undefined) {
wasm = new WebAssembly.Instance(module, __wbg_get_imports()).exports;
START
}
return wasm;
}
";

const INIT_SYNC_TYPES: &str =
    "/** Instantiates `module` on the first call; later ones need none. Returns what the instance exports. */
export function initSync(source?: { module: WebAssembly.Module }): { readonly memory: WebAssembly.Memory };
";

const PASS_STRING: &str = "function passStringToWasm0(arg, malloc, realloc) {";
const PASS_STRING_END: &str = "WASM_VECTOR_LEN = offset;\n                    return ptr;\n                }\n";

/// wasm-bindgen's own takes letter by letter while they are ASCII: above 30 of them that is slower.
const PASS_STRING_AT_ONCE: &str = "function passStringToWasm0(arg, malloc, realloc) {
const write = () => cachedTextEncoder.encodeInto(arg, getUint8ArrayMemory0().subarray(ptr, ptr + len));
let len = arg.length;
let ptr = malloc(len, 1) >>> 0;
if (write().read < arg.length) {
ptr = realloc(ptr, len, len *= 3, 1) >>> 0;
ptr = realloc(ptr, len, len = write().written, 1) >>> 0;
}
WASM_VECTOR_LEN = len;
return ptr;
}
";

/// Nobody disposes of what the glue hands out; and what touches a class keeps bundlers from leaving it out.
fn without_dispose(text: &str) -> String {
    text.lines().filter(|line| !line.contains("Symbol.dispose")).fold(String::new(), |text, line| text + line + "\n")
}

/// Without what frees one argument when the next is refused: none of ours is.
fn without_cleanup(glue: &str) -> Result<String> {
    let (mut kept, mut rest) = (String::new(), glue);
    while let Some((before, after)) = rest.split_once(";\ntry {\nptr0 = ") {
        let (arguments, after) = around(after, "} catch (e) {\n", "throw e;\n}\n")?;
        kept += &format!("{before};\nptr0 = {arguments}");
        rest = after;
    }
    Ok(kept + rest)
}

/// What stands before and after the part of `text` that begins and ends so.
fn around<'a>(text: &'a str, begin: &str, end: &str) -> Result<(&'a str, &'a str)> {
    let parts = text.split_once(begin).and_then(|(before, rest)| Some((before, rest.split_once(end)?.1)));
    parts.with_context(|| format!("wasm-bindgen did not write {begin:?} as is expected here"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUND: &str = "/* @ts-self-types=\"./some.d.ts\" */
import source wasmModule from \"./some_bg.wasm\";

export class Some {
say(one, two) {
let ptr0, len0, ptr1, len1;
try {
ptr0 = passStringToWasm0(one, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
ptr1 = passStringToWasm0(two, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
} catch (e) {
if (ptr0) { wasm.__wbindgen_free(ptr0, len0 * 1, 1); }
throw e;
}
wasm.some_say(ptr0, len0, ptr1, len1);
}
}
if (Symbol.dispose) Some.prototype[Symbol.dispose] = Some.prototype.free;

export const Kind = Object.freeze({ A: 0, \"0\": \"A\" });

function passStringToWasm0(arg, malloc, realloc) {
let offset = 0;
                    WASM_VECTOR_LEN = offset;
                    return ptr;
                }

let WASM_VECTOR_LEN = 0;

let wasmInstance = new WebAssembly.Instance(wasmModule, __wbg_get_imports());
let wasm = wasmInstance.exports;
wasm.__wbindgen_start();
";

    #[test]
    fn the_glue_has_what_is_needed_and_nothing_else() {
        let glue = javascript(BOUND).unwrap();
        for gone in ["import source", "wasmModule", "Symbol.dispose", "try", "catch", "let offset"] {
            assert!(!glue.contains(gone), "{gone}: {glue}");
        }
        let arguments = "let ptr0, len0, ptr1, len1;\nptr0 = passStringToWasm0(one, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);\n\
            ptr1 = passStringToWasm0(two, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);\nwasm.some_say(ptr0, len0, ptr1, len1);\n";
        assert!(glue.contains(arguments), "{glue}");
        assert!(glue.contains("Kind = /* @__PURE__ */ Object.freeze("));
        assert!(glue.contains("encodeInto") && glue.contains("let WASM_VECTOR_LEN = 0;"));
        assert!(glue.contains("exports;\nwasm.__wbindgen_start();\n}\nreturn wasm;"), "{glue}");
    }

    #[test]
    fn what_takes_no_string_and_has_no_start_has_glue_too() {
        let (before, after) = around(BOUND, PASS_STRING, PASS_STRING_END).unwrap();
        let bound = format!("{before}{}", after.replace("wasm.__wbindgen_start();\n", ""));
        let glue = javascript(&bound).unwrap();
        assert!(!glue.contains("encodeInto") && !glue.contains("start"));
    }

    #[test]
    fn glue_that_is_not_as_expected_is_refused() {
        for part in ["import source", "let wasmInstance = ", "WASM_VECTOR_LEN = offset", "throw e"] {
            let error = javascript(&BOUND.replace(part, "")).unwrap_err().to_string();
            assert!(error.starts_with("wasm-bindgen did not write"), "{part}: {error}");
        }
    }

    #[test]
    fn the_types_name_what_the_glue_has() {
        let types = types("export class Some {\n  free(): void;\n  [Symbol.dispose](): void;\n}\n");
        assert!(types.starts_with("export class Some {\n  free(): void;\n}\n"));
        assert!(types.contains("export function initSync(source?: { module: WebAssembly.Module })"));
    }
}
