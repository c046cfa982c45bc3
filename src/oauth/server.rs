//! An authorization server, as the flows of its clients share it.

use alloc::string::String;
use alloc::sync::Arc;

use super::dpop::Nonces;
use super::keys::ServerKeys;
use super::metadata::ServerMetadata;
use super::registered_client::RegisteredClient;
use crate::error::Error;

/// The metadata of a server, and what was learned of it: its keys, and the nonces that it asked for.
#[derive(Debug)]
pub struct Server {
    pub(super) metadata: Arc<ServerMetadata>,
    pub(super) keys: ServerKeys,
    pub(super) nonces: Nonces,
}

impl Server {
    /// The server of `metadata`, in JSON.
    ///
    /// # Errors
    /// [`crate::error::Code::MetadataInvalid`], [`crate::error::Code::FetchInsecure`] about `issuer`.
    pub fn from_json(metadata: &str) -> Result<Self, Error> {
        ServerMetadata::from_json(metadata).map(Self::from)
    }

    /// The endpoint `name` for `client`: the alias of it where the client connects with a certificate and the server has
    /// one (RFC 8705 §5).
    ///
    /// # Errors
    /// [`crate::error::Code::MetadataInvalid`], [`crate::error::Code::FetchInsecure`].
    pub(super) fn endpoint(&self, name: &'static str, client: &RegisteredClient) -> Result<String, Error> {
        let alias = if client.uses_mtls { self.metadata.mtls_alias(name)? } else { None };
        alias.map_or_else(|| self.metadata.endpoint(name), Ok)
    }
}

impl From<ServerMetadata> for Server {
    fn from(metadata: ServerMetadata) -> Self {
        Self { metadata: Arc::new(metadata), keys: ServerKeys::default(), nonces: Nonces::default() }
    }
}
