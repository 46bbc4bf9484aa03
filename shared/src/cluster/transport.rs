//! The HTTP client under kube's authentication.
//!
//! It does what `ClientBuilder::try_from` of kube 5.0 does, and in addition: sockets with `TCP_NODELAY` (without it
//! each new connection waits 40 ms), HTTP/2 on request, a time limit for connecting, and credential plugins run once
//! instead of three times.

use std::{error::Error as StdError, sync::Arc, time::Duration};

use http::{HeaderValue, Request, Response, Uri};
use hyper::{
    body::Incoming,
    rt::{Read, Write},
};
use hyper_rustls::{FixedServerNameResolver, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::{
    Connection, HttpConnector,
    proxy::{SocksV5, Tunnel},
};
use kube::{
    Client, Config,
    client::{Body, ClientBuilder, ConfigExt},
};
use tower::{Layer, Service, ServiceExt, service_fn, util::BoxCloneService};

use super::{
    pool::{Watched, http_client},
    proxy::user_info,
};

pub(super) type BoxError = Box<dyn StdError + Send + Sync>;
type Transport = BoxCloneService<Request<Body>, Response<Incoming>, BoxError>;

/// client-go's limits are 30 s for the socket and 10 s for TLS; a person should not wait that long for a dead address.
pub(super) const CONNECT: Duration = Duration::from_secs(10);
/// How client-go finds out that a watch's server is gone.
pub(super) const KEEPALIVE: Duration = Duration::from_secs(30);

/// A client for `config`. Sends nothing; but runs the user's credential plugin, which may take its time.
pub(crate) fn client(config: &Config, http2: bool) -> Result<Client, kube::Error> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_keepalive(Some(KEEPALIVE));
    tcp.set_connect_timeout(Some(CONNECT));

    let authorization = config.auth_layer()?;
    let tls = Tls::new(config, authorization.is_some())?;
    let transport = match &config.proxy_url {
        None => transport(tcp, &tls, http2)?,
        Some(proxy) if proxy.scheme_str().is_some_and(|scheme| scheme.starts_with("socks5")) => {
            let socks = SocksV5::new(proxy.clone(), tcp);
            transport(
                match user_info(proxy) {
                    Some((user, password)) => socks.with_auth(user, password),
                    None => socks,
                },
                &tls,
                http2,
            )?
        }
        Some(proxy) if proxy.scheme_str() == Some("https") => {
            transport(authorized(Tunnel::new(proxy.clone(), tls.connector(tcp, false)?), proxy), &tls, http2)?
        }
        Some(proxy) => transport(authorized(Tunnel::new(proxy.clone(), tcp), proxy), &tls, http2)?,
    };

    let transport = config.extra_headers_layer()?.layer(transport);
    let transport = match authorization {
        Some(layer) => layer.layer(transport).boxed_clone(),
        None => transport.boxed_clone(),
    };
    let service = config.base_uri_layer().layer(transport);
    Ok(ClientBuilder::new(service, config.default_namespace.clone()).build())
}

/// How TLS is spoken with the server.
struct Tls<'a> {
    config: &'a Config,
    rustls: rustls::ClientConfig,
}

impl<'a> Tls<'a> {
    fn new(config: &'a Config, has_token: bool) -> Result<Self, kube::Error> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Fails only when another thread was quicker, which is as well.
            drop(rustls::crypto::ring::default_provider().install_default());
        }
        let mut of_client = config.clone();
        if has_token {
            // The plugin gave a token: it is not run again for the certificate that it then doesn't have.
            of_client.auth_info.exec = None;
            of_client.auth_info.auth_provider = None;
        }
        Ok(Self { config, rustls: of_client.rustls_client_config()? })
    }

    fn connector<H>(&self, inner: H, http2: bool) -> Result<HttpsConnector<H>, kube::Error> {
        let mut builder = HttpsConnectorBuilder::new().with_tls_config(self.rustls.clone()).https_or_http();
        if let Some(name) = &self.config.tls_server_name {
            let name =
                name.clone().try_into().map_err(|error| kube::Error::Service(Box::new(error) as BoxError))?;
            builder = builder.with_server_name_resolver(FixedServerNameResolver::new(name));
        }
        let builder = builder.enable_http1();
        Ok(if http2 { builder.enable_http2().wrap_connector(inner) } else { builder.wrap_connector(inner) })
    }
}

/// Requests over connections that `connector` opens. With `http2`, a server that can't is spoken to in HTTP/1.1.
fn transport<H>(connector: H, tls: &Tls<'_>, http2: bool) -> Result<Transport, kube::Error>
where
    H: Service<Uri> + Clone + Send + Sync + 'static,
    H::Response: Connection + Read + Write + Send + Unpin + 'static,
    H::Future: Send + 'static,
    H::Error: Into<BoxError>,
{
    let http1 = http_client(tls.connector(connector.clone(), false)?, None);
    if !http2 || tls.config.cluster_url.scheme_str() != Some("https") {
        return Ok(http1.map_err(BoxError::from).boxed_clone());
    }
    let watched = Arc::new(Watched::default());
    let http2 = http_client(tls.connector(connector, true)?, Some(Arc::clone(&watched)));
    Ok(service_fn(move |request: Request<Body>| {
        let (http1, http2, watched) = (http1.clone(), http2.clone(), Arc::clone(&watched));
        async move {
            let (parts, body) = request.into_parts();
            let Some(copy) = body.try_clone().filter(|_| !watched.is_http1()) else {
                return http1.request(Request::from_parts(parts, body)).await.map_err(BoxError::from);
            };
            match http2.request(Request::from_parts(parts.clone(), copy)).await {
                Err(_) if watched.is_http1() => {
                    http1.request(Request::from_parts(parts, body)).await.map_err(BoxError::from)
                }
                // Those who waited for the connection of another are only told that it came to nothing.
                Err(error) if !error.is_connect() => Err(watched.failure().unwrap_or_else(|| error.into())),
                answer => answer.map_err(BoxError::from),
            }
        }
    })
    .boxed_clone())
}

/// The tunnel, with the user and password that the proxy's address holds.
fn authorized<C>(tunnel: Tunnel<C>, proxy: &Uri) -> Tunnel<C> {
    match user_info(proxy).and_then(|(user, password)| basic_authorization(&user, &password)) {
        Some(value) => tunnel.with_auth(value),
        None => tunnel,
    }
}

fn basic_authorization(user: &str, password: &str) -> Option<HeaderValue> {
    // k8s-openapi's byte string is base64 in JSON, which spares a dependency for this line.
    let bytes = k8s_openapi::ByteString(format!("{user}:{password}").into_bytes());
    let encoded = serde_json::to_value(bytes).ok()?;
    HeaderValue::from_str(&format!("Basic {}", encoded.as_str()?)).ok()
}
