//! One kind of query for many namespaces: in pieces, some at a time, and smaller ones where one is too much.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use futures::{StreamExt, stream::FuturesUnordered};

use super::{Answer, Client, Error, Sample, Value};
use crate::quota::peak::Piece;

/// How often a query is sent to a server that is busy, and how long is waited before the second time.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_millis(500);

/// What many queries of one kind gave.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// The series of all answers: those of pieces of time one after another.
    pub(super) samples: Vec<Sample>,
    /// Namespaces of which something is missing, and why.
    pub(super) failed: BTreeMap<String, Error>,
    /// What the server remarked.
    pub(super) warnings: BTreeSet<String>,
}

/// Asks `text` of every piece. An error is one that every piece met.
pub(super) async fn gather(
    client: &Client,
    pieces: Vec<Piece>,
    text: impl Fn(&Piece) -> String,
) -> Result<Gathered, Error> {
    let mut gathered = Gathered::default();
    let (mut waiting, mut running) = (VecDeque::from(pieces), FuturesUnordered::new());
    let mut answered = false;
    loop {
        while running.len() < client.concurrency() {
            let Some(piece) = waiting.pop_front() else { break };
            let text = text(&piece);
            running.push(async move { (ask(client, &text, piece.until).await, piece) });
        }
        let Some((answer, piece)) = running.next().await else { break };
        match answer {
            Ok(Answer { data, warnings }) => {
                answered = true;
                gathered.warnings.extend(warnings);
                match data {
                    Value::Vector(samples) => gathered.samples.extend(samples),
                    _ => return Err(client.not_prometheus("a query gave no vector")),
                }
            }
            Err(error) if error.is_final() => return Err(error),
            Err(error) => match piece.halves().filter(|_| error.is_too_much()) {
                Some(halves) => {
                    tracing::debug!(%error, namespaces = piece.namespaces.len(), "asking in smaller pieces");
                    waiting.extend(halves);
                }
                None => {
                    gathered.failed.extend(piece.namespaces.into_iter().map(|name| (name, error.clone())));
                }
            },
        }
    }
    match gathered.failed.first_key_value() {
        Some((_, error)) if !answered => Err(error.clone()),
        _ => Ok(gathered),
    }
}

async fn ask(client: &Client, text: &str, at: i64) -> Result<Answer<Value>, Error> {
    let mut pause = PAUSE;
    for _ in 1..TRIES {
        match client.query(text, at).await {
            Err(error) if error.is_busy() => tokio::time::sleep(pause).await,
            answer => return answer,
        }
        pause *= 2;
    }
    client.query(text, at).await
}
