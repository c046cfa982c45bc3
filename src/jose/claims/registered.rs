//! The claims that say who issued a token, about whom and for whom (RFC 7519 §4.1.1 to §4.1.3), and which must be there.

use alloc::borrow::ToOwned as _;
use core::slice;

use super::read::{each_string, require, require_one_of};
use super::{Expectations, Outcome, Token};
use crate::error::{Error, Reason};

/// Whatever an expectation is about must be there.
pub(super) fn required_claims(expectations: &Expectations, token: &Token<'_>) -> Result<Outcome, Error> {
    let mut outcome = Ok(Outcome::NotAskedFor);
    let mut require = |claim: &str| {
        if outcome.is_ok() {
            let is_there = token.claims.get(claim).is_some();
            outcome = if is_there { Ok(Outcome::Passed) } else { Err(Error::claim(claim.to_owned(), Reason::Missing)) };
        }
    };
    let implied = [
        expectations.issuer.is_some().then_some("iss"),
        expectations.subject.is_some().then_some("sub"),
        expectations.audience.is_some().then_some("aud"),
        expectations.max_token_age.is_some().then_some("iat"),
        expectations.require_exp.then_some("exp"),
    ];
    implied.into_iter().flatten().for_each(&mut require);
    // The last of them first, as in jose: which of several missing claims an error names is part of its interface.
    expectations.required_claims.iter().rev().for_each(|claim| require(claim));
    expectations.profile.required.iter().for_each(|claim| require(claim));
    outcome
}

pub(super) fn iss(expectations: &Expectations, token: &Token<'_>) -> Result<Outcome, Error> {
    require_one_of(token, "iss", expectations.issuer.as_deref())
}

pub(super) fn sub(expectations: &Expectations, token: &Token<'_>) -> Result<Outcome, Error> {
    require_one_of(token, "sub", expectations.subject.as_ref().map(slice::from_ref))
}

pub(super) fn aud(expectations: &Expectations, token: &Token<'_>) -> Result<Outcome, Error> {
    let Some(audiences) = &expectations.audience else { return Ok(Outcome::NotAskedFor) };
    let mut found = false;
    each_string(token, "aud", &mut |aud| found |= audiences.iter().any(|audience| audience == aud))?;
    require("aud", found)
}
