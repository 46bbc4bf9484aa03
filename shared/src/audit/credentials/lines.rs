use super::{Class, Credential, class, is_credential, of_text};

/// The longest line that is looked at by name: longer ones are data.
const LONGEST_LINE: usize = 1024;

/// The credential that a file holds, and the line it is in, counted from 1. Files talk of passwords far more than
/// they hold any (labels of forms, schemas, help), so that only what can hardly be a word counts by its name.
pub(crate) fn of_lines(text: &str) -> Option<(usize, Credential)> {
    let by_name = text.lines().enumerate().find_map(|(index, line)| Some((index + 1, of_line(line)?)));
    // A private key is more than a line.
    by_name.or_else(|| {
        let found = of_text(text)?;
        let line = text.lines().position(|line| line.contains("PRIVATE KEY-----"));
        Some((line.unwrap_or_default() + 1, found))
    })
}

fn of_line(line: &str) -> Option<Credential> {
    let line = line.trim();
    if let Some(found) = of_text(line) {
        return Some(found);
    }
    if line.len() > LONGEST_LINE
        || line.starts_with(['#', ';', '!'])
        || line.starts_with("//")
        || line.starts_with("--")
    {
        return None;
    }
    let (name, value) = line.split_once(['=', ':'])?;
    of_setting(name.trim().trim_matches(['"', '\'']), value)
}

/// The credential that a setting is by its name, told as of a line of a file: what may be a word (a label of a form, an
/// example) does not count.
pub(crate) fn of_setting(name: &str, value: &str) -> Option<Credential> {
    if value.len() > LONGEST_LINE {
        return None;
    }
    let class = class(name)?;
    let value = value.trim().trim_end_matches([',', ';']).trim_matches(['"', '\'', '`']);
    let is_word = value.chars().all(|letter| letter.is_alphabetic() || matches!(letter, '-' | '_' | '.'));
    // Code on the right side: a call, an index, a list.
    let is_code = value.contains(['(', ')', '[', ']', '{', '}', '<', '>', '|']);
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
    let is_counted = is_number && class != Class::Password;
    if value.len() < 6 || is_word || is_code || is_counted {
        return None;
    }
    is_credential(class, value).then_some(Credential::Name(class))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_hold_one() {
        for (text, line) in [
            ("[db]\nuser = shop\npassword = \"hunter2!\"\n", 3),
            ("spring.datasource.password=hunter22", 1),
            ("{\n  \"apiKey\": \"abcdef123456\",\n}", 2),
            ("db:\n  url: postgres://shop:hunter2@db/shop\n", 2),
            (concat!("key: |\n  -----BEGIN ", "PRIVATE KEY-----\n  MIIEowIBAAKCAQEAxyz0\n"), 2),
        ] {
            assert_eq!(of_lines(text).map(|(line, _)| line), Some(line), "{text}");
        }
    }

    #[test]
    fn files_that_only_talk_of_one() {
        for text in [
            "\"password\": \"Passwort\"\n\"forgot_password\": \"Forgot your password?\"",
            "password: string\ntoken: required",
            "# password: hunter2!\n// token: abcdef123456\n",
            "password = ${DB_PASSWORD}\n",
            "password = os.environ[\"DB_PASSWORD1\"]\n",
            "password_file: /run/secrets/db1\n",
            "server_tokens: off\nserver-tokens: \"false\"\n",
            "admin_email: admin@example.com\n",
            "max_token: 4096000\n",
            "tls_secret: shop-tls-2\n",
            "login.password=Contraseña\n",
        ] {
            assert_eq!(of_lines(text), None, "{text}");
        }
    }
}
