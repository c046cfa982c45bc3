//! Where to go after the login: a place of the same origin, or nowhere.

use alloc::string::String;

use crate::text::{cut, form};

/// A path of the application's own origin, with query and fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnTo(String);

impl ReturnTo {
    /// Parses a path that no URL parser and no decoding server takes for another origin: it begins with one `/`, is
    /// printable ASCII without backslash, and has no empty segment; also when its escapes are resolved.
    pub fn parse(text: &str) -> Option<Self> {
        let (path, _) = cut(text, b"?#");
        let decoded = form::decode(path).ok()?;
        let plain = |path: &str| {
            path.starts_with('/')
                && !path.as_bytes().windows(2).any(|pair| pair == b"//")
                && !path.chars().any(|char| char == '\\' || char.is_control())
        };
        let printable = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        (printable && plain(path) && plain(&decoded)).then(|| Self(text.into()))
    }

    /// The path, query and fragment.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_this_origin_are_accepted_as_they_are() {
        for path in [
            "/",
            "/a/b",
            "/a/?q=https://b.example//c#//d",
            "/caf%C3%A9",
            "/a%20b",
            "/@b.example",
            "/a:b",
            "/%252f%252fb.example",
        ] {
            assert_eq!(ReturnTo::parse(path).unwrap().as_str(), path);
        }
    }

    #[test]
    fn whatever_could_lead_elsewhere_is_dropped() {
        for text in [
            "",
            "a",
            "evil.example",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "\\\\evil.example",
            "https:evil.example",
            "https://evil.example",
            "http:/evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "?a",
            "#a",
            "\t//evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            " //evil.example",
            " /a",
            "/a b",
            "/a\0",
            "/%2f/evil.example",
            "/%2fevil.example",
            "/%2F%2Fevil.example",
            "%2f%2fevil.example",
            "/%5cevil.example",
            "/%5C%5Cevil.example",
            "/%09/evil.example",
            "/%0d%0aSet-Cookie:x",
            "/%00",
            "/..//evil.example",
            "/.//evil.example",
            "/a//evil.example",
            "/a?b\\c",
            "/%",
            "/%zz",
            "/%ff",
            "/\u{2028}",
            "/é",
            "／／evil.example",
            "/%c2%85a",
        ] {
            assert_eq!(ReturnTo::parse(text), None, "{text:?}");
        }
    }
}
