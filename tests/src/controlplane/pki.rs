//! The control plane's own certificate authority, so that clients check TLS as they do in life.

use std::fs;
use std::path::Path;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use rustls::pki_types::CertificateDer;

use crate::Error;

/// A certificate authority that signs servers and users.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// A certificate and its private key.
#[derive(Debug)]
pub struct Identity {
    /// The certificate, PEM.
    pub certificate: String,
    /// The private key, PEM (PKCS #8).
    pub key: String,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

impl Authority {
    /// A new authority.
    pub fn new() -> Result<Self, Error> {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
        params.distinguished_name.push(DnType::CommonName, "passmuster test authority");
        Ok(Self { issuer: CertifiedIssuer::self_signed(params, KeyPair::generate()?)? })
    }

    /// Its certificate, PEM.
    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// Its certificate, DER.
    pub fn der(&self) -> CertificateDer<'static> {
        self.issuer.der().clone()
    }

    /// Signs a server on this machine.
    pub fn server(&self) -> Result<Identity, Error> {
        self.server_named(&["127.0.0.1", "localhost", "kubernetes.default.svc"])
    }

    /// Signs a server with these names or addresses.
    pub fn server_named(&self, names: &[&str]) -> Result<Identity, Error> {
        let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
        let mut params = CertificateParams::new(names)?;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.distinguished_name.push(DnType::CommonName, "kube-apiserver");
        self.sign(&params)
    }

    /// Signs a user: the common name is the user's name, the organization the one group.
    pub fn user(&self, name: &str, group: Option<&str>) -> Result<Identity, Error> {
        let mut params = CertificateParams::default();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.distinguished_name.push(DnType::CommonName, name);
        if let Some(group) = group {
            params.distinguished_name.push(DnType::OrganizationName, group);
        }
        self.sign(&params)
    }

    fn sign(&self, params: &CertificateParams) -> Result<Identity, Error> {
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?.pem();
        Ok(Identity { certificate, key: key.serialize_pem() })
    }

    /// Writes the files that the components read into `dir`.
    pub(super) fn write(&self, dir: &Path, tokens: &str) -> Result<(), Error> {
        let server = self.server()?;
        let proxy = self.user("front-proxy", None)?;
        let accounts = KeyPair::generate()?;
        let files = [
            ("ca.crt", self.pem()),
            ("ca.key", self.issuer.key().serialize_pem()),
            ("server.crt", server.certificate),
            ("server.key", server.key),
            ("front-proxy.crt", proxy.certificate),
            ("front-proxy.key", proxy.key),
            ("accounts.key", accounts.serialize_pem()),
            ("accounts.pub", accounts.public_key_pem()),
            ("tokens.csv", tokens.to_owned()),
        ];
        fs::create_dir_all(dir).map_err(Error::file(dir))?;
        for (name, content) in files {
            let path = dir.join(name);
            fs::write(&path, content).map_err(Error::file(&path))?;
        }
        Ok(())
    }
}
