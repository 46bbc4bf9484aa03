/// What a name says that its value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Something that a person could type in.
    Password,
    /// A secret that two programs share.
    Secret,
    /// Something that is shown to be let in.
    Token,
    /// A key of an API or of a cipher.
    Key,
}

impl Class {
    /// As a noun.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Password => "a password",
            Self::Secret => "a secret",
            Self::Token => "a token",
            Self::Key => "a key",
        }
    }
}

/// Words that make a key one that has to be kept.
const KEYS: &[&str] = &[
    "access",
    "account",
    "api",
    "app",
    "auth",
    "encryption",
    "master",
    "private",
    "secret",
    "signing",
    "storage",
];
/// Words before `secret` that make it the name of a Secret.
const OBJECTS: &[&str] =
    &["ca", "cert", "certificate", "image", "k8s", "kube", "kubernetes", "pull", "ssl", "tls"];

/// What a name says that its value is: by its last words, so that `PASSWORD_FILE` is none.
pub(crate) fn class(name: &str) -> Option<Class> {
    let mut words = Words(name);
    let last = words.next()?;
    let before = words.next();
    let is = |word: &str| last.eq_ignore_ascii_case(word);
    let ends = |word: &str| {
        let at = last.len().checked_sub(word.len());
        at.and_then(|at| last.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(word))
    };
    let follows = |list: &[&str]| {
        before.is_some_and(|before| list.iter().any(|word| before.eq_ignore_ascii_case(word)))
    };
    if ends("password") || ends("passwd") || ends("passphrase") || is("pass") || is("pwd") || ends("passwort")
    {
        Some(Class::Password)
    } else if (is("secret") && !follows(OBJECTS)) || ends("clientsecret") || ends("appsecret") {
        Some(Class::Secret)
    } else if ends("token") && !follows(&["cluster"]) {
        Some(Class::Token)
    } else if (is("key") && follows(KEYS))
        || ends("apikey")
        || ends("secretkey")
        || ends("accesskey")
        || ends("privatekey")
    {
        Some(Class::Key)
    } else {
        None
    }
}

/// The words of a name, the last first: `db_password`, `db-password`, `db.password` and `dbPassword` have two.
struct Words<'t>(&'t str);

impl<'t> Iterator for Words<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let text = self.0.trim_end_matches(|letter: char| !letter.is_ascii_alphanumeric());
        let bytes = text.as_bytes();
        let mut start = bytes.len();
        while let Some(before) = start.checked_sub(1).and_then(|at| bytes.get(at)) {
            let is_hump = bytes.get(start).is_some_and(u8::is_ascii_uppercase) && before.is_ascii_lowercase();
            if !before.is_ascii_alphanumeric() || is_hump {
                break;
            }
            start -= 1;
        }
        let (rest, word) = text.split_at_checked(start)?;
        self.0 = rest;
        (!word.is_empty()).then_some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_however_they_are_held_together() {
        for name in [
            "my_db_password",
            "my-db-password",
            "my.db.password",
            "myDbPassword",
            "MY_DB_PASSWORD",
            "my.db_password:",
        ] {
            let words: Vec<String> = Words(name).map(str::to_lowercase).collect();
            assert_eq!(words, ["password", "db", "my"], "{name}");
        }
        assert_eq!(Words("").next(), None);
        assert_eq!(Words("é").next(), None);
        assert_eq!(class("spring.datasource.password"), Some(Class::Password));
        assert_eq!(class("--initial-cluster-token"), None, "it tells etcd's clusters apart");
        assert_eq!(class("--bootstrap-token"), Some(Class::Token));
    }
}
