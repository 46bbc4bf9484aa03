use crate::audit::{
    api::ConfigMap,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

/// Bytes of data that the API server stores of one config map.
const MOST: usize = 1024 * 1024;

/// Sixteen times a text.
macro_rules! sixteen {
    ($text:expr) => {
        concat!(
            $text, $text, $text, $text, $text, $text, $text, $text, $text, $text, $text, $text, $text, $text,
            $text, $text
        )
    };
}

rule! {
    /// A config map is larger than the API server stores: 1 MiB.
    ///
    /// ## Why it matters
    ///
    /// Applying it fails, after what stands before it in the same run was changed. Long before that, every kubelet
    /// that mounts it and every client that watches it carries the whole of it with each change. The data of config
    /// maps is never read from a cluster: only files can tell.
    ///
    /// ## Remediation
    ///
    /// Split it, keep the files in an image (an image volume mounts them) or in a bucket, or generate them where they
    /// are used.
    severity: Low,
    category: References,
    admission: Never,
    needs: Object,
    reads: [],
    references: ["https://kubernetes.io/docs/concepts/configuration/configmap/#motivation"],
    check: [Check::ConfigMap(check)],
    cases: [
        Case::pass(
            "some kibibytes",
            concat!(
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop}, data: {a: ",
                sixteen!(sixteen!("0123456789abcdef")),
                "}}",
            ),
        ),
        Case::fail(
            "a byte more than one mebibyte: 64 keys of 16384 bytes, and one of one",
            concat!(
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop}, data: {z: '0', a: &a ",
                sixteen!(sixteen!("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")),
                ", k0: *a, k1: *a, k2: *a, k3: *a, k4: *a, k5: *a, k6: *a, k7: *a, k8: *a, k9: *a",
                ", k10: *a, k11: *a, k12: *a, k13: *a, k14: *a, k15: *a, k16: *a, k17: *a, k18: *a",
                ", k19: *a, k20: *a, k21: *a, k22: *a, k23: *a, k24: *a, k25: *a, k26: *a, k27: *a",
                ", k28: *a, k29: *a, k30: *a, k31: *a, k32: *a, k33: *a, k34: *a, k35: *a, k36: *a",
                ", k37: *a, k38: *a, k39: *a, k40: *a, k41: *a, k42: *a, k43: *a, k44: *a, k45: *a",
                ", k46: *a, k47: *a, k48: *a, k49: *a, k50: *a, k51: *a, k52: *a, k53: *a, k54: *a",
                ", k55: *a, k56: *a, k57: *a, k58: *a, k59: *a, k60: *a, k61: *a, k62: *a",
                "}}",
            ),
            &["ConfigMap/shop/c holds 1048577 bytes, the API server stores 1048576"],
        ).in_files_only(),
        Case::unknown(
            "of a cluster the data is not read",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: one, namespace: shop}}",
            &[],
            &["? the data of config maps was not read"],
        ).without_data(),
    ],
}

fn check(map: &ConfigMap, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if let Err(unknown) = cx.data() {
        out.unknown_of_all(&unknown);
        return Ok(());
    }
    let size: usize = map.data.values().map(String::len).chain(map.binary_data.values().map(Vec::len)).sum();
    if size > MOST {
        out.fail("", format!("holds {size} bytes, the API server stores {MOST}"));
    }
    Ok(())
}
