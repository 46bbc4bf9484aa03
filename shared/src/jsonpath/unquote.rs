/// Go's `strconv.Unquote`, for texts in single quotes as well; `None` is its "invalid syntax".
pub(super) fn unquote(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let inside = text.strip_prefix(quote)?.strip_suffix(quote)?;
    let mut bytes = Vec::with_capacity(inside.len());
    let mut rest = inside.chars();
    while let Some(character) = rest.next() {
        if character == quote {
            return None;
        }
        if character != '\\' {
            bytes.extend(character.encode_utf8(&mut [0; 4]).bytes());
            continue;
        }
        let byte = match rest.next()? {
            'a' => 7,
            'b' => 8,
            'f' => 12,
            'n' => b'\n',
            'r' => b'\r',
            't' => b'\t',
            'v' => 11,
            '\\' => b'\\',
            escaped @ ('"' | '\'') if escaped == quote => u8::try_from(escaped).ok()?,
            'x' => u8::try_from(number(&mut rest, 2, 16)?).ok()?,
            digit @ '0'..='7' => {
                let value = digit.to_digit(8)? * 64 + number(&mut rest, 2, 8)?;
                u8::try_from(value).ok()?
            }
            long @ ('u' | 'U') => {
                let code = number(&mut rest, if long == 'u' { 4 } else { 8 }, 16)?;
                bytes.extend(char::from_u32(code)?.encode_utf8(&mut [0; 4]).bytes());
                continue;
            }
            _ => return None,
        };
        bytes.push(byte);
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn number(rest: &mut std::str::Chars<'_>, digits: usize, radix: u32) -> Option<u32> {
    (0..digits)
        .try_fold(0u32, |value, _| value.checked_mul(radix)?.checked_add(rest.next()?.to_digit(radix)?))
}
