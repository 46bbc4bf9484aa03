//! Reviews by HTTP/2, which no API server uses and others may.

use std::net::SocketAddr;

use bytes::Bytes;
use futures::future::try_join_all;
use http::{Request, header};
use http_body_util::{BodyExt, Full};
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

use crate::Error;
use crate::api::{chain, trusting, wait};
use crate::controlplane::Authority;

pub(super) fn post(
    address: SocketAddr,
    authority: &Authority,
    body: &[u8],
    times: usize,
) -> Result<Vec<(u16, Value)>, Error> {
    let tls = trusting(authority)?;
    let body = Bytes::copy_from_slice(body);
    let failed = |reason| Error::Request { method: "POST".to_owned(), path: "/validate".to_owned(), reason };
    let asking = async move {
        let connector = HttpsConnectorBuilder::new().with_tls_config(tls).https_only().enable_http2().build();
        let client = Client::builder(TokioExecutor::new()).http2_only(true).build(connector);
        let calls = (0..times).map(|_| {
            let request = Request::post(format!("https://{address}/validate"))
                .header(header::CONTENT_TYPE, "application/json")
                .body(Full::new(body.clone()));
            let client = client.clone();
            async move {
                let request = request.map_err(|error| chain(&error))?;
                let answer = client.request(request).await.map_err(|error| chain(&error))?;
                let status = answer.status().as_u16();
                let body = answer.into_body().collect().await.map_err(|error| chain(&error))?.to_bytes();
                Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
            }
        });
        try_join_all(calls).await
    };
    wait(asking).map_err(failed)
}
