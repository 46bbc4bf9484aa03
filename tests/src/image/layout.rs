//! An OCI image layout, packed: blobs by their digests, and an index that names the manifest.

use std::collections::BTreeMap;
use std::io;

use serde_json::{Value, json};

use super::{Image, Recipe, archive::Archive, digest, layer::layer};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
// Not compressed: another version of a compressor would give other bytes. Registries' clients compress.
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";

pub(super) fn image(recipe: &Recipe) -> io::Result<Image> {
    let mut blobs = BTreeMap::new();
    let mut describe = |media_type: &str, content: Vec<u8>| {
        let hash = digest(&content);
        let described =
            json!({"mediaType": media_type, "digest": format!("sha256:{hash}"), "size": content.len()});
        blobs.insert(hash, content);
        described
    };
    let layer = describe(LAYER, layer(recipe)?);
    let config = describe(CONFIG, bytes(&config(recipe, &layer)));
    let manifest = json!({"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [layer]});
    let mut described = describe(MANIFEST, bytes(&manifest));
    let digest = described["digest"].as_str().unwrap_or_default().to_owned();
    let tag = recipe.reference.rsplit_once(':').map_or("latest", |(_, tag)| tag);
    described["annotations"] = json!({
        "io.containerd.image.name": recipe.reference,
        "org.opencontainers.image.ref.name": tag,
    });
    described["platform"] = json!({"architecture": recipe.architecture, "os": "linux"});
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [described]});

    let mut archive = Archive::new(recipe.epoch);
    archive.directory("blobs", 0o755)?;
    archive.directory("blobs/sha256", 0o755)?;
    for (hash, content) in &blobs {
        archive.file(&format!("blobs/sha256/{hash}"), 0o644, content)?;
    }
    archive.file("index.json", 0o644, &bytes(&index))?;
    archive.file("oci-layout", 0o644, &bytes(&json!({"imageLayoutVersion": "1.0.0"})))?;
    Ok(Image { archive: archive.finish()?, digest })
}

/// How the program is run.
fn config(recipe: &Recipe, layer: &Value) -> Value {
    let Recipe { name, user, .. } = recipe;
    let labels: BTreeMap<_, _> = recipe.labels.iter().cloned().collect();
    let created = i64::try_from(recipe.epoch).ok().and_then(|epoch| jiff::Timestamp::from_second(epoch).ok());
    json!({
        "created": created.unwrap_or_default().to_string(),
        "architecture": recipe.architecture,
        "os": "linux",
        "config": {
            "User": format!("{user}:{user}"),
            "Entrypoint": [format!("/{name}")],
            "WorkingDir": "/",
            "Labels": labels,
        },
        "rootfs": {"type": "layers", "diff_ids": [layer["digest"]]},
    })
}

fn bytes(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}
