//! What the `claims` parameter demands of ID tokens (OpenID Connect Core §5.5): a server that does not heed it has not
//! done what was asked for.

use alloc::string::String;
use alloc::vec::Vec;

use super::id_token::IdTokenExpectations;
use super::members::Members;
use crate::text::json::{Document, Object, Value};

/// The demands of a request, which are kept until the ID token is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RequestedClaims {
    /// The Authentication Context Classes of which one is essential (§5.5.1.1). Asked for by `acr_values` it is voluntary, and
    /// the server may answer another (§3.1.2.1).
    acr: Option<Vec<String>>,
    /// The one user who may sign in (§5.5.1).
    sub: Option<String>,
    /// Whether `auth_time` is essential, and so must be there (§2).
    auth_time: bool,
}

impl RequestedClaims {
    /// The members of its record.
    const ACR: &str = "essential_acr";
    const SUB: &str = "essential_sub";
    const AUTH_TIME: &str = "essential_auth_time";

    /// What `claims`, the JSON object that is the parameter, demands.
    pub(super) fn of(claims: &str) -> Option<Self> {
        let document = Document::parse_object(claims.as_bytes()).ok()?;
        let request = |claim: &str| document.get("id_token")?.get(claim);
        let is_essential = |claim: &str| request(claim)?.get("essential")?.as_bool();
        let string = |value: Value<'_>| value.as_str().map(|text| text.into_owned());
        let acr: Vec<_> = request("acr")
            .into_iter()
            .flat_map(|acr| acr.get("value").into_iter().chain(acr.get("values").into_iter().flat_map(Value::elements)))
            .filter_map(string)
            .collect();
        Some(Self {
            acr: (is_essential("acr") == Some(true) && !acr.is_empty()).then_some(acr),
            sub: request("sub").and_then(|sub| sub.get("value")).and_then(string),
            auth_time: is_essential("auth_time") == Some(true),
        })
    }

    /// Reads what [`Self::write`] wrote.
    pub(super) fn read(members: &mut Members<'_>) -> Self {
        Self {
            acr: members.optional_strings(Self::ACR),
            sub: members.optional_string(Self::SUB),
            auth_time: members.optional_bool(Self::AUTH_TIME) == Some(true),
        }
    }

    /// Adds the demands to the record of a transaction.
    pub(super) fn write(&self, record: Object) -> Object {
        let mut record = record.optional_string(Self::SUB, self.sub.as_deref());
        if let Some(acr) = &self.acr {
            record = record.strings(Self::ACR, acr);
        }
        if self.auth_time { record.raw(Self::AUTH_TIME, "true") } else { record }
    }

    /// Adds the demands to what an ID token is validated against.
    pub(super) fn demand(&self, expectations: &mut IdTokenExpectations) {
        expectations.acr_values.clone_from(&self.acr);
        expectations.subject.clone_from(&self.sub);
        if self.auth_time {
            // It must be there, however long ago it was.
            expectations.max_age = expectations.max_age.or(Some(u64::MAX));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::members;
    use super::*;
    use crate::error::Code;

    fn demands(claims: &str) -> RequestedClaims {
        let demands = RequestedClaims::of(claims).unwrap();
        let record = demands.write(Object::new()).finish();
        let read = members::parse(record.as_bytes(), Code::OptionInvalid, RequestedClaims::read);
        assert_eq!(read, Ok(demands.clone()), "{record}");
        demands
    }

    #[test]
    fn only_what_is_essential_is_demanded() {
        for claims in [
            "{}",
            r#"{"id_token":null}"#,
            r#"{"id_token":{"acr":null,"auth_time":null,"sub":null}}"#,
            r#"{"id_token":{"acr":{"values":["gold"]},"auth_time":{"essential":false}}}"#,
            r#"{"id_token":{"acr":{"essential":true}}}"#,
            r#"{"userinfo":{"acr":{"essential":true,"values":["gold"]},"auth_time":{"essential":true}}}"#,
        ] {
            assert_eq!(demands(claims), RequestedClaims::default(), "{claims}");
        }
        let all = demands(
            r#"{"id_token":{"acr":{"essential":true,"values":["gold","silver"]},"auth_time":{"essential":true},"sub":{"value":"a"}}}"#,
        );
        assert_eq!(all.acr, Some(["gold".into(), "silver".into()].into()));
        assert_eq!((all.sub.as_deref(), all.auth_time), (Some("a"), true));
        assert_eq!(
            demands(r#"{"id_token":{"acr":{"essential":true,"value":"gold"}}}"#).acr,
            Some(["gold".into()].into())
        );
    }
}
