//! Where a protected resource says what it is, and by which authorization servers it is guarded (RFC 9728).

use alloc::string::String;
use core::fmt;

use super::members;
use crate::discovery;
use crate::error::{Code, Error, Reason};
use crate::http::{Answer, Request, Step};
use crate::text::url;

const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// The step machine that fetches the metadata of a resource.
pub struct ResourceMetadata {
    resource: String,
    /// Where the resource said that its metadata is.
    url: Option<String>,
}

impl fmt::Debug for ResourceMetadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResourceMetadata").field("resource", &self.resource).finish_non_exhaustive()
    }
}

impl ResourceMetadata {
    /// The metadata of `resource`, a resource identifier: at `url`, the `resource_metadata` of a challenge (§5.1), or where
    /// §3.1 says.
    pub const fn new(resource: String, url: Option<String>) -> Self {
        Self { resource, url }
    }

    /// The next step; call with `None` to begin. Ends with the document as it was sent.
    ///
    /// # Errors
    /// [`Code::ResourceMismatch`]; [`Code::EndpointResponseInvalid`]; [`Code::FetchInsecure`], [`Code::OptionInvalid`] for a
    /// resource with a fragment, and those of [`discovery::ok`].
    pub fn step(&self, answer: Option<Answer>) -> Result<Step<String>, Error> {
        let Some(answer) = answer else { return self.request().map(Step::Fetch) };
        let body = discovery::ok(answer)?.body;
        let resource = members::parse(&body, Code::EndpointResponseInvalid, |members| {
            let servers = members.optional_strings("authorization_servers").unwrap_or_default();
            if servers.iter().any(|server| url::require_secure(server).is_err()) {
                members.refuse("authorization_servers", Reason::Malformed);
            }
            if members.optional_string("jwks_uri").is_some_and(|uri| url::require_secure(&uri).is_err()) {
                members.refuse("jwks_uri", Reason::Malformed);
            }
            for texts in ["scopes_supported", "bearer_methods_supported"] {
                members.optional_strings(texts);
            }
            members.string("resource")
        })?;
        // §3.3: byte by byte.
        if resource != self.resource {
            return Err(Error::new(Code::ResourceMismatch).about("resource", Reason::Mismatch));
        }
        String::from_utf8(body).map(Step::Done).map_err(|_| Code::EndpointResponseInvalid.into())
    }

    fn request(&self) -> Result<Request, Error> {
        url::require_secure(&self.resource).map_err(|error| error.about("resource", Reason::Malformed))?;
        if self.resource.contains('#') {
            return Err(Error::new(Code::OptionInvalid).about("resource", Reason::Malformed));
        }
        if let Some(url) = &self.url {
            url::require_secure(url).map_err(|error| error.about("resource_metadata", Reason::Malformed))?;
            return Ok(Request::get_json(url.as_str()));
        }
        let (origin, rest) = url::split_origin(&self.resource);
        // §3.1: the slash after the host is removed where no path follows it.
        let rest = match rest.strip_prefix('/') {
            Some(after) if after.is_empty() || after.starts_with('?') => after,
            _ => rest,
        };
        Ok(Request::get_json([origin, WELL_KNOWN, rest].concat()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_well_known_path_comes_before_that_of_the_resource() {
        for (resource, expected) in [
            ("https://r.example", "https://r.example/.well-known/oauth-protected-resource"),
            ("https://r.example/", "https://r.example/.well-known/oauth-protected-resource"),
            ("https://r.example/a/b", "https://r.example/.well-known/oauth-protected-resource/a/b"),
            ("https://r.example/a/", "https://r.example/.well-known/oauth-protected-resource/a/"),
            ("https://r.example:8443?a=/", "https://r.example:8443/.well-known/oauth-protected-resource?a=/"),
            ("https://r.example/?a=b", "https://r.example/.well-known/oauth-protected-resource?a=b"),
            ("https://r.example/a?b=c", "https://r.example/.well-known/oauth-protected-resource/a?b=c"),
        ] {
            assert_eq!(ResourceMetadata::new(resource.into(), None).request().unwrap().url, expected);
        }
    }
}
