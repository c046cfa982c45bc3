//! What the core needs to know of a URL (RFC 3986): its scheme, its authority, and whether it may be fetched.
//! The boundary hands URLs to the platform's own parser; this module only refuses.

use alloc::string::String;

use super::cut;
use crate::error::{Code, Error};

/// Accepts `url` if it is https, or http on a loopback address (RFC 8252 §7.3), and holds nothing that URL parsers
/// read differently: no user information, white space, control character or backslash.
///
/// # Errors
/// [`Code::FetchInsecure`].
pub fn require_secure(url: &str) -> Result<(), Error> {
    let secure = match authority(url) {
        Some(("https", authority)) => !authority.is_empty(),
        Some(("http", authority)) => is_loopback(host(authority)),
        _ => false,
    };
    secure.then_some(()).ok_or_else(|| Error::new(Code::FetchInsecure))
}

/// The scheme and the authority of an absolute URL of http or https, in lower case.
pub fn origin(url: &str) -> Option<String> {
    let (scheme, authority) = authority(url)?;
    Some([scheme, "://", &authority.to_ascii_lowercase()].concat())
}

/// The scheme and authority of an absolute URL, as they are spelled, and its path and query: a well-known part stands between
/// them (RFC 8414 §3.1, RFC 9728 §3.1).
pub fn split_origin(url: &str) -> (&str, &str) {
    // The first two follow the scheme.
    let mut ends = url.bytes().enumerate().filter(|(_, byte)| matches!(byte, b'/' | b'?'));
    let end = ends.nth(2).map_or(url.len(), |(at, _)| at);
    url.split_at_checked(end).unwrap_or((url, ""))
}

/// The lower-case scheme `http` or `https`, and the authority, of an absolute URL that is spelled without surprises.
fn authority(url: &str) -> Option<(&'static str, &str)> {
    if url.bytes().any(|byte| !byte.is_ascii_graphic() || byte == b'\\') {
        return None;
    }
    let (spelled, rest) = cut(url, b":");
    let scheme = ["https", "http"].into_iter().find(|scheme| spelled.eq_ignore_ascii_case(scheme))?;
    let (authority, _) = cut(rest?.strip_prefix("//")?, b"/?#");
    (!authority.as_bytes().contains(&b'@')).then_some((scheme, authority))
}

fn host(authority: &str) -> &str {
    let port_at = authority.bytes().rposition(|byte| !byte.is_ascii_digit());
    port_at.and_then(|at| authority.get(..=at)?.strip_suffix(':')).unwrap_or(authority)
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host == "[::1]" || is_loopback_v4(host.as_bytes())
}

/// Whether `host` is 127.0.0.0/8 in dotted decimal: each number below 256, without zeros before it.
fn is_loopback_v4(host: &[u8]) -> bool {
    let octet = |digits: &[u8]| {
        let number = digits.iter().try_fold(0_u8, |number, digit| {
            let digit = digit.is_ascii_digit().then(|| digit.wrapping_sub(b'0'))?;
            number.checked_mul(10)?.checked_add(digit)
        });
        number.filter(|_| digits == b"0" || digits.first().is_some_and(|digit| *digit != b'0'))
    };
    let mut octets = host.split(|byte| *byte == b'.').map(octet);
    octets.next() == Some(Some(127)) && (0..3).all(|_| octets.next().flatten().is_some()) && octets.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_and_loopback_http_may_be_fetched() {
        for url in [
            "https://as.example",
            "HTTPS://as.example/path?query#x",
            "https://as.example:8443",
            "http://localhost",
            "http://localhost:3000/x",
            "http://127.0.0.1:3000",
            "http://127.1.2.3",
            "http://[::1]:3000/x",
            "http://LOCALHOST?x",
            "http://localhost:",
            "http://[::1]",
        ] {
            assert_eq!(require_secure(url), Ok(()), "{url}");
        }
    }

    #[test]
    fn an_origin_is_scheme_and_authority() {
        assert_eq!(origin("HTTPS://As.example:8443/a?b#c").as_deref(), Some("https://as.example:8443"));
        assert_eq!(origin("https://user@as.example"), None);
    }

    #[test]
    fn a_loopback_address_is_what_core_reads_as_one() {
        let parts = ["", "0", "1", "00", "01", "127", "128", "255", "256", "1270", "+1", "-1", "a", "1 "];
        for first in parts {
            for (second, last) in parts.into_iter().zip(parts.into_iter().rev()) {
                for host in [
                    std::format!("{first}.{second}.0.{last}"),
                    std::format!("{first}.0.{second}.{last}"),
                    std::format!("{first}.{second}.{last}"),
                    std::format!("{first}.{second}.{last}.0.1"),
                ] {
                    let expected = host.parse::<core::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback());
                    assert_eq!(is_loopback_v4(host.as_bytes()), expected, "{host}");
                }
            }
        }
        assert!(is_loopback("127.0.0.1") && is_loopback("127.255.255.255") && !is_loopback("126.0.0.1"));
    }

    #[test]
    fn everything_else_may_not() {
        for url in [
            "",
            "https://",
            "https:as.example",
            "//as.example",
            "/path",
            "http://as.example",
            "http://localhost.example",
            "http://127.0.0.1.example",
            "http://localhost@as.example",
            "https://user@as.example",
            "http://localhost\\@as.example",
            "http://as.example\\@localhost",
            "ftp://localhost",
            "file:///etc/passwd",
            "data:text/plain,x",
            "javascript:alert(1)",
            "https://as.example/a b",
            "https://as.example/\n",
            "http://[::2]",
            "http://0.0.0.0",
            "http://2130706433",
            "http://127.0.0.1:80:80",
            " https://as.example",
        ] {
            assert!(require_secure(url).is_err(), "{url}");
        }
    }
}
