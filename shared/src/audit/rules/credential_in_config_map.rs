use crate::audit::{
    api::ConfigMap,
    case::Case,
    context::Context,
    credentials,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A config map holds a credential.
    ///
    /// ## Why it matters
    ///
    /// Roles that may read config maps are given freely, `view` among them; config maps are not encrypted at rest
    /// where secrets are, and end up in logs and support bundles. The value is not shown here, and the data of config
    /// maps is never read from a cluster: only files and admission can tell.
    ///
    /// ## Remediation
    ///
    /// Replace the credential, since it is known by now. Move the file that needs it, or the one key, to a `Secret`
    /// and mount both side by side with a projected volume.
    severity: High,
    category: Secrets,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["CIS 5.4.1"],
    check: [Check::ConfigMap(check)],
    cases: [
        Case::pass(
            "settings of servers and addresses of people",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: nginx, namespace: shop}, data: {server-tokens: 'false', admin_email: admin@example.com, max_tokens: '4096', nginx.conf: \"server_tokens off;\\nauth_basic_user_file /etc/nginx/passwords1;\\n\"}}",
        ),
        Case::pass(
            "files that talk of passwords, or take them from elsewhere",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: texts, namespace: shop}, data: {de.json: '{\"password\": \"Passwort\", \"forgot_password\": \"Passwort vergessen?\"}', app.yaml: \"db:\\n  password: ${DB_PASSWORD}\\n  # password: hunter2!\\n  passwordFile: /run/secrets/db1\\n\", ca.crt: \"-----BEGIN CERTIFICATE-----\\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG\\n\"}}",
        ),
        Case::pass(
            "files of one line, labels, switches and references by names with dots",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: dotted, namespace: shop}, data: {passwords.txt: see wiki, password.json: '{\"min\": 12345}', login.password: Passwort, admin.password: '${ADMIN_PASSWORD}', ldap.password: /run/secrets/ldap1, max.token: '40960000', tls.secret: shop-tls-2, password.min.length: '12345678'}}",
        ),
        Case::fail(
            "settings by names with dots",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: dotted, namespace: shop}, data: {admin.password: hunter2xyz, oauth.client.secret: Zm9vYmFyYmF6, app.ini: password=hunter2xyz}}",
            &[
                "ConfigMap/shop/dotted data[admin.password]: key \"admin.password\" holds a password by its name",
                "ConfigMap/shop/dotted data[app.ini]: line 1 of key \"app.ini\" holds a password by its name",
                "ConfigMap/shop/dotted data[oauth.client.secret]: key \"oauth.client.secret\" holds a secret by its name",
            ],
        ),
        Case::fail(
            "as a key, in a line of a file, as an address",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: app, namespace: shop}, data: {DB_PASSWORD: hunter2, app.ini: \"[db]\\nuser = shop\\npassword = 'hunter2!'\\n\", cache: 'redis://:hunter2@cache:6379', aws.conf: \"id = AKIAQ3EGRIPTOZ7LDXWV\\n\"}}",
            &[
                "ConfigMap/shop/app data[DB_PASSWORD]: key \"DB_PASSWORD\" holds a password by its name",
                "ConfigMap/shop/app data[app.ini]: line 3 of key \"app.ini\" holds a password by its name",
                "ConfigMap/shop/app data[aws.conf]: line 1 of key \"aws.conf\" holds an AWS access key (AKIA…)",
                "ConfigMap/shop/app data[cache]: key \"cache\" holds an address with a password (://…)",
            ],
        ),
        Case::unknown(
            "of a cluster the data is not read; said once",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: one, namespace: shop}}\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: two, namespace: shop}}",
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
    for (key, value) in &map.data {
        let is_file = value.trim_end().contains('\n');
        let of_lines = || {
            let found = credentials::of_lines(value);
            found.map(|(line, found)| format!("line {line} of key {key:?} holds {found}"))
        };
        let of_key = |found| format!("key {key:?} holds {found}");
        let message = match (is_file, key.contains('.')) {
            (true, _) => of_lines(),
            (false, false) => credentials::of_pair(key, value).map(of_key),
            // A file of one line, or a setting: `app.ini` or `admin.password`, which may be the label of a form as well.
            (false, true) => of_lines().or_else(|| credentials::of_setting(key, value).map(of_key)),
        };
        if let Some(message) = message {
            out.fail(format!("data[{key}]"), message);
        }
    }
    Ok(())
}
