//! A volume of every source.

use serde_json::{Value, json};

/// Every source that a volume can have, with what the API server asks for; one has none.
pub(crate) fn sources() -> Vec<Value> {
    vec![
        json!({}),
        json!({"emptyDir": {}}),
        json!({"configMap": {"name": "c"}}),
        json!({"secret": {"secretName": "s"}}),
        json!({"downwardAPI": {"items": [{"path": "labels", "fieldRef": {"fieldPath": "metadata.labels"}}]}}),
        json!({"projected": {"sources": []}}),
        json!({"persistentVolumeClaim": {"claimName": "c"}}),
        json!({"csi": {"driver": "csi.example.com"}}),
        json!({"image": {"reference": "registry.example.com/data:1"}}),
        json!({"ephemeral": {"volumeClaimTemplate": {"spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "1Gi"}},
        }}}}),
        json!({"hostPath": {"path": "/var/log"}}),
        json!({"gcePersistentDisk": {"pdName": "d"}}),
        json!({"awsElasticBlockStore": {"volumeID": "vol-1"}}),
        json!({"gitRepo": {"repository": "https://example.com/r.git"}}),
        json!({"nfs": {"server": "nfs.example.com", "path": "/"}}),
        json!({"iscsi": {"targetPortal": "10.0.0.1:3260", "iqn": "iqn.2001-04.com.example:disk", "lun": 0}}),
        json!({"glusterfs": {"endpoints": "e", "path": "p"}}),
        json!({"rbd": {"monitors": ["10.0.0.1:6789"], "image": "i"}}),
        json!({"flexVolume": {"driver": "example.com/d"}}),
        json!({"cinder": {"volumeID": "v"}}),
        json!({"cephfs": {"monitors": ["10.0.0.1:6789"]}}),
        json!({"flocker": {"datasetName": "d"}}),
        json!({"fc": {"targetWWNs": ["500a0982991b8dc5"], "lun": 2}}),
        json!({"azureFile": {"secretName": "s", "shareName": "n"}}),
        json!({"azureDisk": {"diskName": "d", "diskURI": "https://blob.example.com/d.vhd"}}),
        json!({"vsphereVolume": {"volumePath": "[store] d"}}),
        json!({"quobyte": {"registry": "r:7861", "volume": "v"}}),
        json!({"photonPersistentDisk": {"pdID": "d"}}),
        json!({"portworxVolume": {"volumeID": "v"}}),
        json!({"scaleIO": {"gateway": "https://g.example.com", "system": "s", "secretRef": {"name": "s"}, "volumeName": "v"}}),
        json!({"storageos": {"volumeName": "v"}}),
    ]
}

/// A volume of this name.
pub(crate) fn volume(name: &str, source: &Value) -> Value {
    let mut volume = source.clone();
    volume["name"] = json!(name);
    volume
}
