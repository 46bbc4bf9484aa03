//! What Prometheus answers: `/api/v1`'s one shape around everything.

use std::collections::BTreeMap;

use serde::Deserialize;
#[cfg(any(feature = "cluster", test))]
use serde::de::DeserializeOwned;

/// Labels of a series.
pub type Labels = BTreeMap<String, String>;

/// A value at one moment: seconds since the epoch, and a decimal number as it was written, [`number`](super::number)
/// reads it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Point(pub f64, pub String);

/// A series at one moment.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Sample {
    /// Its labels.
    #[serde(rename = "metric", default)]
    pub labels: Labels,
    /// Its value; absent for a native histogram.
    #[serde(default)]
    pub value: Option<Point>,
}

impl Sample {
    /// A label; empty when it is not there, which is the same to Prometheus.
    pub fn label(&self, name: &str) -> &str {
        self.labels.get(name).map_or("", String::as_str)
    }

    /// The value as it was written; empty when there is none.
    pub fn text(&self) -> &str {
        self.value.as_ref().map_or("", |Point(_, text)| text)
    }
}

/// A series over time.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Series {
    /// Its labels.
    #[serde(rename = "metric", default)]
    pub labels: Labels,
    /// Its values, oldest first; empty for a native histogram.
    #[serde(default)]
    pub values: Vec<Point>,
}

/// The result of a query.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "resultType", content = "result", rename_all = "lowercase")]
pub enum Value {
    /// Series at one moment.
    Vector(Vec<Sample>),
    /// Series over time.
    Matrix(Vec<Series>),
    /// One number.
    Scalar(Point),
    /// One text.
    String(Point),
}

/// An answer, and what Prometheus remarks on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<T> {
    /// The answer.
    pub data: T,
    /// Warnings, such as of a store that did not answer a Thanos querier: the answer is partial then.
    pub warnings: Vec<String>,
}

/// An answer that says what went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Prometheus' word for it: `bad_data`, `execution`, `timeout`…
    pub kind: String,
    /// Its sentence.
    pub message: String,
}

#[cfg(any(feature = "cluster", test))]
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound = "T: DeserializeOwned")]
struct Body<T> {
    status: String,
    #[serde(default = "none")]
    data: Option<T>,
    error_type: Option<String>,
    error: Option<String>,
    warnings: Option<Vec<String>>,
}

#[cfg(any(feature = "cluster", test))]
fn none<T>() -> Option<T> {
    None
}

/// Reads a body. The outer error says that it is none of Prometheus'.
#[cfg(any(feature = "cluster", test))]
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<Result<Answer<T>, Failure>, String> {
    let body: Body<T> = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    match (body.status.as_str(), body.data) {
        ("success", Some(data)) => Ok(Ok(Answer { data, warnings: body.warnings.unwrap_or_default() })),
        ("error", _) => Ok(Err(Failure {
            kind: body.error_type.unwrap_or_default(),
            message: body.error.unwrap_or_default(),
        })),
        ("success", None) => Err("it has no data".to_owned()),
        (status, _) => Err(format!("its status is {status:?}")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn results() {
        let vector = br#"{"status":"success","data":{"resultType":"vector","result":[
            {"metric":{"pod":"a"},"value":[1700000000.123,"0.5"]},{"metric":{},"histogram":[1,{}]}]},
            "warnings":["store is down"]}"#;
        let answer = read::<Value>(vector).unwrap().unwrap();
        assert_eq!(answer.warnings, ["store is down"]);
        let Value::Vector(samples) = answer.data else { panic!("{answer:?}") };
        assert_eq!((samples[0].label("pod"), samples[0].text()), ("a", "0.5"));
        assert_eq!((samples[1].label("pod"), samples[1].text()), ("", ""));

        let matrix = br#"{"status":"success","data":{"resultType":"matrix","result":[
            {"metric":{"pod":"a"},"values":[[1,"NaN"],[2,"+Inf"]]}]}}"#;
        let Value::Matrix(series) = read::<Value>(matrix).unwrap().unwrap().data else { panic!() };
        assert_eq!(series[0].values, [Point(1.0, "NaN".into()), Point(2.0, "+Inf".into())]);

        let scalar = br#"{"status":"success","data":{"resultType":"scalar","result":[1,"2"]}}"#;
        assert_eq!(read::<Value>(scalar).unwrap().unwrap().data, Value::Scalar(Point(1.0, "2".into())));
        // The result before its type, as no server writes it and any may.
        let turned = br#"{"data":{"result":[1,"x"],"resultType":"string"},"status":"success","infos":["i"]}"#;
        assert_eq!(read::<Value>(turned).unwrap().unwrap().data, Value::String(Point(1.0, "x".into())));
    }

    #[test]
    fn failures_speak() {
        let body = br#"{"status":"error","errorType":"execution","error":"too many samples"}"#;
        let failure = Failure { kind: "execution".into(), message: "too many samples".into() };
        assert_eq!(read::<Value>(body).unwrap(), Err(failure));
    }

    #[test]
    fn what_is_no_answer_is_said_so() {
        for body in [
            "",
            "null",
            "[]",
            "{}",
            "<html>",
            "{\"status\":\"success\"}",
            "{\"status\":\"ok\",\"data\":null}",
            r#"{"status":"success","data":{"resultType":"vector","result":{}}}"#,
            r#"{"status":"success","data":{"resultType":"vector","result":[{"value":[1]}]}}"#,
            r#"{"status":"success","data":{"resultType":"matrix","result":[{"values":[["1","2"]]}]}}"#,
            r#"{"status":"success","data":{"resultType":"streams","result":[]}}"#,
        ] {
            assert!(read::<Value>(body.as_bytes()).is_err(), "{body}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read::<Value>(&bytes);
        }

        #[test]
        fn no_torn_answer_panics(cut in 0_usize..170, flipped in 0_usize..170, to in any::<u8>()) {
            let whole = br#"{"status":"success","data":{"resultType":"vector","result":[{"metric":{"pod":"a"},"value":[1700000000.123,"0.5"]}]},"warnings":["w"],"errorType":"","error":""}"#;
            let mut bytes = whole.to_vec();
            if let Some(byte) = bytes.get_mut(flipped) { *byte = to; }
            bytes.truncate(cut);
            let _ = read::<Value>(&bytes);
        }
    }
}
