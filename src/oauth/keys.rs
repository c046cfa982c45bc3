//! The keys of the authorization server, kept between flows.

use crate::jose::jwks::{JwkSet, is_fresh};

/// The newest keys that were fetched.
#[derive(Clone, Debug, Default)]
pub(super) struct ServerKeys {
    fetched: Option<(JwkSet, u64)>,
}

impl ServerKeys {
    /// The keys, unless they are too old at `now`.
    pub(super) fn get(&self, now: u64) -> Option<&JwkSet> {
        self.fetched.as_ref().filter(|(_, fetched_at)| is_fresh(*fetched_at, now)).map(|(set, _)| set)
    }

    /// Whether they were fetched less than `seconds` before `now`.
    pub(super) fn were_fetched_within(&self, seconds: u64, now: u64) -> bool {
        let is_recent = |at: u64| now >= at && now.saturating_sub(at) < seconds;
        self.fetched.as_ref().is_some_and(|(_, fetched_at)| is_recent(*fetched_at))
    }

    /// Keeps keys that were fetched at `now`.
    pub(super) fn keep(&mut self, set: JwkSet, now: u64) {
        self.fetched = Some((set, now));
    }
}
