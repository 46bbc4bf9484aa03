use std::{collections::BTreeSet, sync::Arc};

use serde_json::{Value, json};

use super::World;
use crate::{
    audit::corpus,
    manifest::{Document, Inputs, Scopes, read},
};

/// An object is the same from a value and from text, or wrong in the same way.
fn agree(document: &Document, object: &Value) {
    let told = |take: &dyn Fn(&mut World) -> Result<(), crate::model::DecodeError>| {
        let mut world = World::of_files();
        match take(&mut world) {
            Ok(()) => format!("{:?}\n{:?}\n{:?}", world.stores, world.custom, world.records),
            Err(error) => error.to_string(),
        }
    };
    let Document { api_version, kind, .. } = document;
    let value = told(&|world| world.take_document(api_version, kind, object.clone()));
    let text = told(&|world| world.take_text(api_version, kind, &object.to_string()));
    assert_eq!(value, text, "{object}");
}

/// Documents of all cases, none of them twice.
fn documents() -> Vec<Document> {
    let texts: BTreeSet<&str> = corpus().map(|case| case.objects).collect();
    let mut documents = Vec::new();
    for text in texts {
        let inputs = Inputs { files: vec!["-".to_owned()], keep_data: true, ..Inputs::default() };
        let mut take = |document| documents.push(document);
        read(&inputs, &mut text.as_bytes(), Scopes::new("default"), &mut take).unwrap();
    }
    documents
}

#[test]
fn text_and_values_are_read_the_same() {
    let documents = documents();
    assert!(documents.len() > 500, "{}", documents.len());
    for document in &documents {
        agree(document, &document.object);
    }
}

#[test]
fn what_is_odd_in_text_is_as_odd_in_values() {
    // Each field of some objects, one after the other, is something else.
    for document in documents().iter().step_by(11) {
        for pointer in pointers(&document.object) {
            for other in
                [Value::Null, json!([]), json!({}), json!([null, 1]), json!("x"), json!(1.5), json!(true)]
            {
                let mut object = document.object.clone();
                *object.pointer_mut(&pointer).unwrap() = other;
                agree(document, &object);
            }
        }
    }
}

#[test]
fn the_last_of_two_fields_counts() {
    let mut world = World::of_files();
    let version: Arc<str> = "v1".into();
    let text =
        r#"{"metadata": {"name": "a", "labels": {"l": "1"}, "labels": {"l": "2"}, "managedFields": [1]}}"#;
    world.take_text(&version, "Pod", text).unwrap();
    let record = world.records().next().unwrap();
    assert_eq!(record.metadata.labels["l"], "2");
}

/// Where every field and every item of lists is.
fn pointers(object: &Value) -> Vec<String> {
    let (mut left, mut found) = (vec![String::new()], Vec::new());
    while let Some(at) = left.pop() {
        match object.pointer(&at) {
            Some(Value::Object(fields)) => {
                let escaped = |key: &String| key.replace('~', "~0").replace('/', "~1");
                left.extend(fields.keys().map(|key| format!("{at}/{}", escaped(key))));
            }
            Some(Value::Array(items)) => left.extend((0..items.len()).map(|nth| format!("{at}/{nth}"))),
            _ => {}
        }
        found.push(at);
    }
    found.retain(|at| !at.is_empty() && !["/apiVersion", "/kind"].contains(&at.as_str()));
    found
}
