//! What an Authorization Response brings (OAuth 2.0 Multiple Response Type Encoding Practices), and the way it comes (§2.1
//! there, OAuth 2.0 Form Post Response Mode, JARM §2.3).

use crate::text::has_word;

/// A `response_type`. Those with `code` and an access token are left out: RFC 9700 §2.1.2 wants no token in a response, and
/// with a code none is needed there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResponseType {
    /// RFC 6749 §4.1.1.
    Code,
    /// OpenID Connect Core §3.3.
    CodeIdToken,
    /// RFC 6749 §4.2.1.
    Token,
    /// OpenID Connect Core §3.2.
    IdToken,
    /// OpenID Connect Core §3.2.
    IdTokenToken,
}

impl ResponseType {
    const ALL: [Self; 5] = [Self::Code, Self::CodeIdToken, Self::Token, Self::IdToken, Self::IdTokenToken];

    /// The registered name.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::CodeIdToken => "code id_token",
            Self::Token => "token",
            Self::IdToken => "id_token",
            Self::IdTokenToken => "id_token token",
        }
    }

    /// The type of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|response_type| response_type.as_str() == name)
    }

    /// Whether the response comes with `what`: `code`, `id_token` or `token`.
    pub(super) fn issues(self, what: &str) -> bool {
        has_word(self.as_str(), what)
    }

    /// Whether nothing of the response is to be exchanged for tokens: the implicit grant (RFC 6749 §4.2).
    pub(super) fn is_implicit(self) -> bool {
        !self.issues("code")
    }
}

/// How the parameters of a response travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Way {
    /// In the query of the URL of the callback.
    #[default]
    Query,
    /// In its fragment, which the browser keeps to itself.
    Fragment,
    /// As a form that the browser posts.
    FormPost,
}

/// A `response_mode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ResponseMode {
    /// How the parameters travel.
    pub(super) way: Way,
    /// Whether they are in a JWT that the server signed (JARM).
    pub(super) is_signed: bool,
}

impl ResponseMode {
    /// The mode that a request for `response_type` asks for by `name`, or by leaving it out. There is none that would show
    /// tokens to whoever sees the URL (Multiple Response Types §5, JARM §2.3.1).
    pub(super) fn of(name: Option<&str>, response_type: ResponseType) -> Option<Self> {
        let usual = if response_type == ResponseType::Code { Way::Query } else { Way::Fragment };
        let mode = match name {
            None => Some(Self { way: usual, is_signed: false }),
            Some("jwt") => Some(Self { way: usual, is_signed: true }),
            Some(name) => Self::named(name),
        };
        mode.filter(|mode| mode.way != Way::Query || usual == Way::Query)
    }

    /// The mode of this name, which says the way.
    pub(super) fn named(name: &str) -> Option<Self> {
        let (way, is_signed) = name.strip_suffix(".jwt").map_or((name, false), |way| (way, true));
        let way = match way {
            "query" => Way::Query,
            "fragment" => Way::Fragment,
            "form_post" => Way::FormPost,
            _ => return None,
        };
        Some(Self { way, is_signed })
    }

    /// The name that says the way.
    pub(super) const fn as_str(self) -> &'static str {
        match (self.way, self.is_signed) {
            (Way::Query, false) => "query",
            (Way::Query, true) => "query.jwt",
            (Way::Fragment, false) => "fragment",
            (Way::Fragment, true) => "fragment.jwt",
            (Way::FormPost, false) => "form_post",
            (Way::FormPost, true) => "form_post.jwt",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for response_type in ResponseType::ALL {
            assert_eq!(ResponseType::named(response_type.as_str()), Some(response_type));
        }
        for name in ["", "token id_token", "code token", "code id_token token", "none", "Code"] {
            assert_eq!(ResponseType::named(name), None, "{name}");
        }
        for name in ["query", "query.jwt", "fragment", "fragment.jwt", "form_post", "form_post.jwt"] {
            assert_eq!(ResponseMode::named(name).unwrap().as_str(), name);
        }
    }

    #[test]
    fn the_default_follows_the_type_and_no_token_is_in_a_query() {
        let mode = |name, response_type| ResponseMode::of(name, response_type).map(ResponseMode::as_str);
        assert_eq!(mode(None, ResponseType::Code), Some("query"));
        assert_eq!(mode(Some("jwt"), ResponseType::Code), Some("query.jwt"));
        assert_eq!(mode(Some("fragment"), ResponseType::Code), Some("fragment"));
        for response_type in ResponseType::ALL.into_iter().filter(|other| *other != ResponseType::Code) {
            assert_eq!(mode(None, response_type), Some("fragment"));
            assert_eq!(mode(Some("jwt"), response_type), Some("fragment.jwt"));
            assert_eq!(mode(Some("form_post"), response_type), Some("form_post"));
            assert_eq!((mode(Some("query"), response_type), mode(Some("query.jwt"), response_type)), (None, None));
        }
        for name in ["", "web_message", "form_post.jwt.jwt", ".jwt", "Query"] {
            assert_eq!(mode(Some(name), ResponseType::Code), None, "{name}");
        }
    }
}
