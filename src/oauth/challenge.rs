//! The challenges of a protected resource in `WWW-Authenticate` (RFC 9110 §11.3 and §11.6.1), among them those of Bearer
//! (RFC 6750 §3), DPoP (RFC 9449 §7.1), stepping up (RFC 9470 §3) and of metadata (RFC 9728 §5.1).

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::{Code, Error, Reason};
use crate::text::json::Object;

/// More than any honest resource asks in one response. Together with [`MAX_PARAMETERS`] it bounds the work for each
/// character, so that the time is linear in the length of the header.
const MAX_CHALLENGES: usize = 16;

/// More than any honest challenge has.
const MAX_PARAMETERS: usize = 32;

/// One challenge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenge {
    /// The authentication scheme, in lower case.
    pub scheme: String,
    /// The token that is in place of parameters.
    pub token68: Option<String>,
    /// The parameters, their names in lower case; no name is there twice.
    pub parameters: Vec<(String, String)>,
    /// How the user must authenticate for the request to be accepted.
    pub step_up: Option<StepUp>,
}

/// What a resource demands of the authentication of the user (RFC 9470 §3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepUp {
    /// The Authentication Context Class References that are good enough, in order of preference, separated by spaces.
    pub acr_values: Option<String>,
    /// The seconds since the authentication after which it is too old.
    pub max_age: Option<u64>,
}

impl Challenge {
    /// Parses the value of `WWW-Authenticate`, several fields of which are joined by commas.
    ///
    /// # Errors
    /// [`Code::EndpointResponseInvalid`] about `www-authenticate`, also when a parameter is there twice; about `max_age`
    /// when that is no number of seconds.
    pub fn parse(header: &str) -> Result<Vec<Self>, Error> {
        let mut challenges = Vec::new();
        let malformed = || Error::new(Code::EndpointResponseInvalid).about("www-authenticate", Reason::Malformed);
        read(&mut Cursor::new(header), &mut challenges).ok_or_else(malformed)?;
        for challenge in &mut challenges {
            challenge.step_up = challenge.read_step_up()?;
        }
        Ok(challenges)
    }

    /// The parameter `name`, which is in lower case.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// `[{"scheme","token68"?,"parameters":{},"step_up"?:{"acr_values"?,"max_age"?}}]`.
    pub fn to_json(challenges: &[Self]) -> String {
        let challenges: Vec<_> = challenges.iter().map(Self::json).collect();
        ["[", &challenges.join(","), "]"].concat()
    }

    fn json(&self) -> String {
        let all = self.parameters.iter().fold(Object::new(), |all, (name, value)| all.string(name, value));
        let json = Object::new()
            .string("scheme", &self.scheme)
            .optional_string("token68", self.token68.as_deref())
            .raw("parameters", &all.finish());
        let Some(step_up) = &self.step_up else { return json.finish() };
        let mut demanded = Object::new().optional_string("acr_values", step_up.acr_values.as_deref());
        if let Some(max_age) = step_up.max_age {
            demanded = demanded.number("max_age", max_age);
        }
        json.raw("step_up", &demanded.finish()).finish()
    }

    fn add(&mut self, name: &str, value: String) -> Option<()> {
        let name = name.to_ascii_lowercase();
        let fits = self.token68.is_none() && self.parameters.len() < MAX_PARAMETERS && self.parameter(&name).is_none();
        fits.then(|| self.parameters.push((name, value)))
    }

    fn read_step_up(&self) -> Result<Option<StepUp>, Error> {
        if self.parameter("error") != Some("insufficient_user_authentication") {
            return Ok(None);
        }
        let max_age = self.parameter("max_age").map(|digits| {
            let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            let seconds = digits.parse().ok().filter(|_| is_number);
            seconds.ok_or_else(|| Error::new(Code::EndpointResponseInvalid).about("max_age", Reason::Malformed))
        });
        let acr_values = self.parameter("acr_values").map(String::from);
        Ok(Some(StepUp { acr_values, max_age: max_age.transpose()? }))
    }
}

/// `#challenge`. A name before `=` is a parameter's; any other begins a challenge.
fn read(cursor: &mut Cursor<'_>, challenges: &mut Vec<Challenge>) -> Option<()> {
    loop {
        cursor.take_while(|byte| is_space(byte) || byte == b',');
        if cursor.rest.is_empty() {
            return Some(());
        }
        let name = cursor.token()?;
        let space = cursor.space();
        if cursor.eat(b'=') {
            challenges.last_mut()?.add(name, cursor.value()?)?;
        } else {
            let mut challenge = Challenge { scheme: name.to_ascii_lowercase(), ..Challenge::default() };
            if !cursor.is_at_end_of_element() {
                (!space.is_empty()).then_some(())?;
                challenge.token68 = cursor.token68().map(String::from);
                if challenge.token68.is_none() {
                    let name = cursor.token()?;
                    cursor.space();
                    cursor.eat(b'=').then_some(())?;
                    challenge.add(name, cursor.value()?)?;
                }
            }
            (challenges.len() < MAX_CHALLENGES).then(|| challenges.push(challenge))?;
        }
        cursor.space();
        cursor.is_at_end_of_element().then_some(())?;
    }
}

/// What is left of a header. Nothing moves it back but [`Cursor::token68`], once for each challenge and to where the next
/// token begins: so no byte is read more than twice.
struct Cursor<'a> {
    rest: &'a str,
    #[cfg(test)]
    read: usize,
}

impl<'a> Cursor<'a> {
    const fn new(rest: &'a str) -> Self {
        Self {
            rest,
            #[cfg(test)]
            read: 0,
        }
    }

    fn advance(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or_default();
        #[cfg(test)]
        {
            self.read = self.read.saturating_add(taken.len());
        }
        self.rest = rest;
        taken
    }

    fn take_while(&mut self, belongs: impl Fn(u8) -> bool) -> &'a str {
        self.advance(self.rest.bytes().position(|byte| !belongs(byte)).unwrap_or(self.rest.len()))
    }

    fn eat(&mut self, byte: u8) -> bool {
        let is_next = self.rest.bytes().next() == Some(byte);
        self.advance(usize::from(is_next));
        is_next
    }

    fn space(&mut self) -> &'a str {
        self.take_while(is_space)
    }

    fn is_at_end_of_element(&self) -> bool {
        self.rest.is_empty() || self.rest.starts_with(',')
    }

    /// RFC 9110 §5.6.2.
    fn token(&mut self) -> Option<&'a str> {
        let token = self.take_while(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
        (!token.is_empty()).then_some(token)
    }

    /// RFC 9110 §11.2, if it is all of the element.
    fn token68(&mut self) -> Option<&'a str> {
        let start = self.rest;
        let token = self.take_while(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte));
        let padding = self.take_while(|byte| byte == b'=');
        self.space();
        if !token.is_empty() && self.is_at_end_of_element() {
            return start.get(..token.len().saturating_add(padding.len()));
        }
        self.rest = start;
        None
    }

    /// A token or a quoted string, after white space.
    fn value(&mut self) -> Option<String> {
        self.space();
        if self.eat(b'"') { self.quoted() } else { self.token().map(String::from) }
    }

    /// RFC 9110 §5.6.4, after the first quote.
    fn quoted(&mut self) -> Option<String> {
        let mut value = String::new();
        loop {
            value.push_str(self.take_while(|byte| is_text(byte) && !matches!(byte, b'"' | b'\\')));
            if self.eat(b'"') {
                return Some(value);
            }
            self.eat(b'\\').then_some(())?;
            let escaped = self.rest.chars().next()?;
            let text = self.advance(escaped.len_utf8());
            text.bytes().all(is_text).then(|| value.push(escaped))?;
        }
    }
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

const fn is_text(byte: u8) -> bool {
    matches!(byte, b'\t' | b' '..=b'~' | 0x80..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;
    use std::string::ToString;

    fn parsed(header: &str) -> Option<String> {
        Challenge::parse(header).ok().map(|challenges| Challenge::to_json(&challenges))
    }

    #[test]
    fn examples_of_the_specifications() {
        for (header, expected) in [
            // RFC 9110 §11.6.1
            (
                r#"Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"""#,
                r#"[{"scheme":"basic","parameters":{"realm":"simple"}},{"scheme":"newauth","parameters":{"realm":"apps","type":"1","title":"Login to \"apps\""}}]"#,
            ),
            // RFC 6750 §3
            (
                r#"Bearer realm="example", error="invalid_token", error_description="The access token expired""#,
                r#"[{"scheme":"bearer","parameters":{"realm":"example","error":"invalid_token","error_description":"The access token expired"}}]"#,
            ),
            // RFC 9449 §7.1 and §9
            (
                r#"DPoP error="use_dpop_nonce", error_description="Resource server requires nonce in DPoP proof", Bearer, DPoP algs="ES256 PS256""#,
                r#"[{"scheme":"dpop","parameters":{"error":"use_dpop_nonce","error_description":"Resource server requires nonce in DPoP proof"}},{"scheme":"bearer","parameters":{}},{"scheme":"dpop","parameters":{"algs":"ES256 PS256"}}]"#,
            ),
            // RFC 9470 §3
            (
                r#"Bearer error="insufficient_user_authentication", acr_values="myACR", max_age="5""#,
                r#"[{"scheme":"bearer","parameters":{"error":"insufficient_user_authentication","acr_values":"myACR","max_age":"5"},"step_up":{"acr_values":"myACR","max_age":5}}]"#,
            ),
            // RFC 9728 §5.1
            (
                r#"Bearer resource_metadata="https://resource.example.com/.well-known/oauth-protected-resource""#,
                r#"[{"scheme":"bearer","parameters":{"resource_metadata":"https://resource.example.com/.well-known/oauth-protected-resource"}}]"#,
            ),
        ] {
            assert_eq!(parsed(header).as_deref(), Some(expected), "{header}");
        }
    }

    #[test]
    fn everything_that_the_grammar_allows() {
        for (header, expected) in [
            ("", "[]"),
            (" ,\t, ", "[]"),
            ("Negotiate", r#"[{"scheme":"negotiate","parameters":{}}]"#),
            ("Negotiate a87421000492aa==", r#"[{"scheme":"negotiate","token68":"a87421000492aa==","parameters":{}}]"#),
            ("A b/c+== ,B", r#"[{"scheme":"a","token68":"b/c+==","parameters":{}},{"scheme":"b","parameters":{}}]"#),
            ("A b=", r#"[{"scheme":"a","token68":"b=","parameters":{}}]"#),
            (",A  b = c ,, D\t=\"\" ,", r#"[{"scheme":"a","parameters":{"b":"c","d":""}}]"#),
            (r#"A b="\\\"\é, C d=""#, r#"[{"scheme":"a","parameters":{"b":"\\\"é, C d="}}]"#),
            ("A b=\"\t\u{e9}\"", "[{\"scheme\":\"a\",\"parameters\":{\"b\":\"\\u0009\u{e9}\"}}]"),
        ] {
            assert_eq!(parsed(header).as_deref(), Some(expected), "{header}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let many_parameters: String = (0..=MAX_PARAMETERS).map(|index| format!("p{index}=1,")).collect();
        for header in [
            "=",
            "a=b",
            "\"a\"",
            "A b= =",
            "A b=,c=d",
            "A b=\"",
            "A b=\"\\",
            "A b=\"\\\"",
            "A b=\"\n\"",
            "A b=\"\\\u{7f}\"",
            "A b=\"c\" d=\"e\"",
            "A b=\"c\"d",
            "A b=c=d",
            "A b c",
            "A b c=d",
            "A/b",
            "A é",
            "A =b",
            "A b=c, B=d, b=e",
            "A realm=1, Realm=2",
            "A b==, c=d",
            &["A ", &many_parameters].concat(),
            &"A,".repeat(MAX_CHALLENGES + 1),
        ] {
            let error = Challenge::parse(header).unwrap_err();
            assert_eq!(
                (error.code, error.claim.as_deref()),
                (Code::EndpointResponseInvalid, Some("www-authenticate")),
                "{header}"
            );
        }
        for max_age in ["", "-1", "+1", "1.5", "soon", "99999999999999999999"] {
            let header = format!(r#"Bearer error="insufficient_user_authentication", max_age="{max_age}""#);
            assert_eq!(Challenge::parse(&header).unwrap_err().claim.as_deref(), Some("max_age"), "{max_age}");
        }
        assert_eq!(Challenge::parse(r#"Bearer max_age="soon""#).unwrap()[0].step_up, None);
    }

    #[test]
    fn no_byte_is_read_more_than_twice() {
        const LENGTH: usize = 4096;
        let pieces = [
            "\"",
            ",",
            "=",
            "\\",
            " ",
            "a",
            "A ",
            "a=",
            "a,",
            "a =",
            "a=b,",
            "A a==",
            "A a== ",
            "a=\"",
            "a=\"\",",
            "\\\"",
            "\"\\",
            "A a=\"b\", ",
            "A b ",
            "a ,",
            "===\"",
            "a=\t",
            "\u{e9}",
            "A a=\"\\\u{e9}",
        ];
        let starts = ["", "A ", "A b=\"", "A b=", "A b ", "A b=\"\\"];
        for start in starts {
            for piece in pieces {
                for other in pieces {
                    let unit = [piece, other].concat();
                    let header = [start.to_string(), unit.repeat(LENGTH / unit.len())].concat();
                    let mut cursor = Cursor::new(&header);
                    read(&mut cursor, &mut Vec::new());
                    assert!(cursor.read <= 2 * header.len(), "{} of {} for {start}{unit}", cursor.read, header.len());
                }
            }
        }
    }
}
