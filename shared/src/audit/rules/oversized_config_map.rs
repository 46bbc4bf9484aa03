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
            "a byte more than one mebibyte: 256 keys of 4096 bytes",
            concat!(
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop}, data: {z: '0', a: &a ",
                sixteen!(sixteen!("0123456789abcdef")),
                ", k0: *a, k1: *a, k2: *a, k3: *a, k4: *a, k5: *a, k6: *a, k7: *a, k8: *a, k9: *a",
                ", k10: *a, k11: *a, k12: *a, k13: *a, k14: *a, k15: *a, k16: *a, k17: *a, k18: *a",
                ", k19: *a, k20: *a, k21: *a, k22: *a, k23: *a, k24: *a, k25: *a, k26: *a, k27: *a",
                ", k28: *a, k29: *a, k30: *a, k31: *a, k32: *a, k33: *a, k34: *a, k35: *a, k36: *a",
                ", k37: *a, k38: *a, k39: *a, k40: *a, k41: *a, k42: *a, k43: *a, k44: *a, k45: *a",
                ", k46: *a, k47: *a, k48: *a, k49: *a, k50: *a, k51: *a, k52: *a, k53: *a, k54: *a",
                ", k55: *a, k56: *a, k57: *a, k58: *a, k59: *a, k60: *a, k61: *a, k62: *a, k63: *a",
                ", k64: *a, k65: *a, k66: *a, k67: *a, k68: *a, k69: *a, k70: *a, k71: *a, k72: *a",
                ", k73: *a, k74: *a, k75: *a, k76: *a, k77: *a, k78: *a, k79: *a, k80: *a, k81: *a",
                ", k82: *a, k83: *a, k84: *a, k85: *a, k86: *a, k87: *a, k88: *a, k89: *a, k90: *a",
                ", k91: *a, k92: *a, k93: *a, k94: *a, k95: *a, k96: *a, k97: *a, k98: *a, k99: *a",
                ", k100: *a, k101: *a, k102: *a, k103: *a, k104: *a, k105: *a, k106: *a, k107: *a",
                ", k108: *a, k109: *a, k110: *a, k111: *a, k112: *a, k113: *a, k114: *a, k115: *a",
                ", k116: *a, k117: *a, k118: *a, k119: *a, k120: *a, k121: *a, k122: *a, k123: *a",
                ", k124: *a, k125: *a, k126: *a, k127: *a, k128: *a, k129: *a, k130: *a, k131: *a",
                ", k132: *a, k133: *a, k134: *a, k135: *a, k136: *a, k137: *a, k138: *a, k139: *a",
                ", k140: *a, k141: *a, k142: *a, k143: *a, k144: *a, k145: *a, k146: *a, k147: *a",
                ", k148: *a, k149: *a, k150: *a, k151: *a, k152: *a, k153: *a, k154: *a, k155: *a",
                ", k156: *a, k157: *a, k158: *a, k159: *a, k160: *a, k161: *a, k162: *a, k163: *a",
                ", k164: *a, k165: *a, k166: *a, k167: *a, k168: *a, k169: *a, k170: *a, k171: *a",
                ", k172: *a, k173: *a, k174: *a, k175: *a, k176: *a, k177: *a, k178: *a, k179: *a",
                ", k180: *a, k181: *a, k182: *a, k183: *a, k184: *a, k185: *a, k186: *a, k187: *a",
                ", k188: *a, k189: *a, k190: *a, k191: *a, k192: *a, k193: *a, k194: *a, k195: *a",
                ", k196: *a, k197: *a, k198: *a, k199: *a, k200: *a, k201: *a, k202: *a, k203: *a",
                ", k204: *a, k205: *a, k206: *a, k207: *a, k208: *a, k209: *a, k210: *a, k211: *a",
                ", k212: *a, k213: *a, k214: *a, k215: *a, k216: *a, k217: *a, k218: *a, k219: *a",
                ", k220: *a, k221: *a, k222: *a, k223: *a, k224: *a, k225: *a, k226: *a, k227: *a",
                ", k228: *a, k229: *a, k230: *a, k231: *a, k232: *a, k233: *a, k234: *a, k235: *a",
                ", k236: *a, k237: *a, k238: *a, k239: *a, k240: *a, k241: *a, k242: *a, k243: *a",
                ", k244: *a, k245: *a, k246: *a, k247: *a, k248: *a, k249: *a, k250: *a, k251: *a",
                ", k252: *a, k253: *a, k254: *a",
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
