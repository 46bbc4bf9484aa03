//! A client that sends bytes as it is told to, right or wrong, and reads answers.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConnection, StreamOwned};
use serde_json::Value;

use crate::Error;
use crate::api::trusting;
use crate::controlplane::Authority;

/// An answer that takes longer does not come.
const TIMEOUT: Duration = Duration::from_secs(60);

/// One connection, HTTP/1.1 over TLS.
pub struct Client {
    stream: BufReader<StreamOwned<ClientConnection, TcpStream>>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers, names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header with this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; null when it is something else.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl Client {
    /// A new connection to this address, which must have a certificate of the authority.
    pub fn connect(address: SocketAddr, authority: &Authority) -> Result<Self, Error> {
        let mut tls = trusting(authority)?;
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        let name = ServerName::from(address.ip());
        let connect = || -> io::Result<Self> {
            let stream = tcp(address)?;
            let session = ClientConnection::new(Arc::new(tls), name).map_err(io::Error::other)?;
            let mut stream = StreamOwned::new(session, stream);
            // The handshake is done when the first bytes can be written.
            stream.flush()?;
            Ok(Self { stream: BufReader::new(stream) })
        };
        connect().map_err(Error::run("a TLS connection"))
    }

    /// Sends bytes.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let stream = self.stream.get_mut();
        stream.write_all(bytes)?;
        stream.flush()
    }

    /// Posts a body to the webhook and reads the answer.
    pub fn post(&mut self, body: &[u8]) -> io::Result<Answer> {
        self.request("/validate?timeout=10s", &[("content-type", "application/json")], body)
    }

    /// Posts a body with these headers and reads the answer.
    pub fn request(&mut self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> io::Result<Answer> {
        let mut bytes =
            format!("POST {path} HTTP/1.1\r\nhost: webhook\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in headers {
            bytes.extend([name, ": ", value, "\r\n"]);
        }
        bytes += "\r\n";
        let mut bytes = bytes.into_bytes();
        bytes.extend_from_slice(body);
        // A server may answer and close before it has read everything.
        let sent = self.send(&bytes);
        match self.answer() {
            Err(error) => Err(sent.err().unwrap_or(error)),
            answer => answer,
        }
    }

    /// Reads the next answer.
    pub fn answer(&mut self) -> io::Result<Answer> {
        read_answer(&mut self.stream)
    }

    /// Whether the server has closed the connection, waited for no longer than this.
    pub fn closes(&mut self, within: Duration) -> bool {
        let set = self.stream.get_ref().sock.set_read_timeout(Some(within));
        let read = set.and_then(|()| self.stream.read(&mut [0]));
        match read {
            Ok(length) => length == 0,
            Err(error) => !matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut),
        }
    }
}

/// A GET without TLS.
pub(super) fn plain(address: SocketAddr, path: &str) -> Result<Answer, Error> {
    let get = || -> io::Result<Answer> {
        let mut stream = tcp(address)?;
        stream
            .write_all(format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes())?;
        read_answer(&mut BufReader::new(stream))
    };
    get().map_err(Error::run("a request for metrics"))
}

fn tcp(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    Ok(stream)
}

fn read_answer(stream: &mut impl BufRead) -> io::Result<Answer> {
    let mut line = String::new();
    let mut next = |stream: &mut dyn BufRead| -> io::Result<String> {
        line.clear();
        match stream.read_line(&mut line)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line.trim_end().to_owned()),
        }
    };
    let bad = || io::Error::other("no HTTP answer");
    let status = next(stream)?.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(bad)?;
    let mut headers = Vec::new();
    loop {
        let header = next(stream)?;
        let Some((name, value)) = header.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.and_then(|(_, value)| value.parse().ok()).ok_or_else(bad)?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(Answer { status, headers, body })
}
