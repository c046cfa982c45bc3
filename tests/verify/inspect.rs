//! The list of checks: it says of every token what `verify` says, and more.

use tollgate::error::{Code, Error, Reason};
use tollgate::jose::claims::Expectations;
use tollgate::jose::jwk::{Jwk, Material};
use tollgate::text::base64url;
use tollgate::verify::inspect::{Inspection, Outcome};
use tollgate::verify::{Scratch, Verifier};

use super::{EC_PUBLIC, NOW, es256, options, sign_es256, with_jwk, with_set};

/// Asserts that the list and the verdict are the same, and returns the list.
pub(crate) fn agree(verifier: &Verifier, token: &[u8], call: Option<&Expectations>, now: u64) -> Inspection {
    let shown = || String::from_utf8_lossy(token);
    let inspection = verifier.inspect(token, call, now);
    match verifier.verify(token, call, now, &mut Scratch::default()) {
        Ok(verified) => {
            assert!(inspection.verified(), "{}: {inspection:?}", shown());
            assert_eq!(inspection.verified_by, Some(verified));
        }
        Err(error) => {
            assert!(!inspection.verified(), "{}", shown());
            assert_eq!(inspection.first_failure(), Some(&error), "{}", shown());
        }
    }
    inspection
}

/// The checks as one line: `form+ header+ alg! key? sub-`.
fn line(inspection: &Inspection) -> String {
    let mark = |outcome: &Outcome| match outcome {
        Outcome::Passed => '+',
        Outcome::Failed(_) => '!',
        Outcome::NotReached => '?',
        Outcome::NotAsked => '-',
    };
    let checks: Vec<_> =
        inspection.checks.iter().map(|check| format!("{}{}", check.name, mark(&check.outcome))).collect();
    checks.join(" ")
}

fn failure<'i>(inspection: &'i Inspection, name: &str) -> &'i Error {
    match &inspection.checks.iter().find(|check| check.name == name).unwrap().outcome {
        Outcome::Failed(error) => error,
        other => std::panic!("{name}: {other:?}"),
    }
}

fn ec(options: &str) -> Verifier {
    with_jwk(options, &format!("{{{EC_PUBLIC}}}"))
}

/// The token with another part at `at`.
fn with_part(token: &str, at: usize, part: &str) -> String {
    let mut parts: Vec<_> = token.split('.').collect();
    *parts.get_mut(at).unwrap() = part;
    parts.join(".")
}

const PARTS: &str = "form+ header+ crit+ alg+ encoding+ key+ signature+ claims+";
