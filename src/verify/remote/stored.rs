//! Fetched keys as a cache holds them that several instances share: JSON, and trusted no more than a response.

use alloc::string::String;

use super::{RemoteKeys, Validated, etag};
use crate::jose::jwks::JwkSet;
use crate::text::json::{Document, Object, Value};
use crate::text::url;

impl RemoteKeys {
    /// The keys as `{"jwks":{},"fetchedAt":0,"freshFor":0,"jwksUri":"","issuer"?:"","etag"?:""}`, if some were fetched.
    /// Times are in seconds: since the epoch, and since then.
    pub fn to_stored(&self, set: &JwkSet) -> Option<String> {
        let validated = self.validated.as_ref()?;
        let stored = Object::new()
            .raw("jwks", &set.to_json())
            .number("fetchedAt", validated.at)
            .number("freshFor", validated.fresh_for)
            .string("jwksUri", &validated.jwks_uri)
            .optional_string("issuer", self.issuer.as_deref())
            .optional_string("etag", validated.etag.as_deref());
        Some(stored.finish())
    }

    /// The keys that `json` holds, if at `now` they are of use: of this issuer or this URL, newer than those at hand, not
    /// from the future, and not too old to stand in for a server that fails. That they were fetched counts as an attempt.
    ///
    /// The `jwksUri` is not taken over: it would outlive the keys.
    pub fn restore(&mut self, json: &[u8], now: u64) -> Option<JwkSet> {
        let stored = Document::parse_object(json).ok()?;
        let jwks_uri = stored.get("jwksUri").and_then(Value::as_str)?;
        let is_ours = match (&self.issuer, stored.get("issuer")) {
            (Some(issuer), Some(stored)) => stored.as_str().is_some_and(|stored| stored == issuer.as_str()),
            (None, None) => self.jwks_uri.as_deref() == Some(&*jwks_uri),
            _ => false,
        };
        let at = stored.get("fetchedAt").and_then(Value::as_u64)?;
        let is_newer = self.validated.as_ref().is_none_or(|validated| validated.at < at);
        let is_good = now.checked_sub(at).is_some_and(|age| age < self.limits.keep());
        if !is_ours || !is_newer || !is_good || url::require_secure(&jwks_uri).is_err() {
            return None;
        }
        let fresh_for = self.limits.clamp(stored.get("freshFor").and_then(Value::as_u64)?);
        let set = JwkSet::from_value(stored.get("jwks")?).ok()?;
        let etag = stored.get("etag").and_then(Value::as_str).and_then(|text| etag(&text));
        self.attempted_at = self.attempted_at.max(Some(at));
        self.validate(Validated { at, fresh_for, etag, jwks_uri: jwks_uri.into_owned() });
        Some(set)
    }
}
