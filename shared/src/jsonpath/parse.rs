//! From text to nodes: client-go's parser, function by function, so that it refuses what kubectl refuses.

use super::{
    Error,
    node::{Array, Node},
    unquote::unquote,
};

/// Templates nested deeper than this (unions and filters in filters) are refused.
const DEEPEST: u8 = 50;

pub(super) fn parse(text: &str) -> Result<Vec<Node>, Error> {
    Parser { input: text, start: 0, at: 0, depth: 0 }.template()
}

struct Parser<'a> {
    input: &'a str,
    start: usize,
    at: usize,
    depth: u8,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        self.input.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += character.len_utf8();
        Some(character)
    }

    /// What was read since it was last taken.
    fn take(&mut self) -> &'a str {
        let text = self.input.get(self.start..self.at).unwrap_or_default();
        self.start = self.at;
        text
    }

    fn template(mut self) -> Result<Vec<Node>, Error> {
        let mut nodes = Vec::new();
        loop {
            match self.peek() {
                None | Some('{') if self.at > self.start => nodes.push(Node::Text(self.take().to_owned())),
                None => return Ok(nodes),
                Some('{') => {
                    self.next();
                    self.take();
                    nodes.push(Node::List(self.action()?));
                }
                Some(_) => {
                    self.next();
                }
            }
        }
    }

    /// What stands inside a pair of braces.
    fn action(&mut self) -> Result<Vec<Node>, Error> {
        let mut nodes = Vec::new();
        loop {
            if self.rest().starts_with("[?(") {
                nodes.push(self.filter()?);
                continue;
            }
            if self.rest().starts_with("..") {
                if nodes.last() == Some(&Node::Recursive) {
                    return Err(Error::new("invalid multiple recursive descent"));
                }
                self.at += 2;
                self.take();
                nodes.push(Node::Recursive);
                if self.peek().is_some_and(is_alphanumeric) {
                    nodes.push(self.field());
                }
                continue;
            }
            match self.next() {
                Some('}') => {
                    self.take();
                    return Ok(nodes);
                }
                None | Some('\r' | '\n') => return Err(Error::new("unclosed action")),
                Some(' ' | '@' | '$') => {
                    self.take();
                }
                Some('[') => self.array(&mut nodes)?,
                Some(quote @ ('"' | '\'')) => nodes.push(self.quoted(quote)?),
                Some('.') => nodes.push(self.field()),
                Some(first) if matches!(first, '+' | '-') || first.is_numeric() => {
                    self.at -= first.len_utf8();
                    nodes.push(self.number()?);
                }
                Some(first) if is_alphanumeric(first) => nodes.push(self.identifier()),
                Some(other) => {
                    let code = u32::from(other);
                    return Err(Error::new(format!(
                        "unrecognized character in action: U+{code:04X} '{other}'"
                    )));
                }
            }
        }
    }

    fn identifier(&mut self) -> Node {
        while self.peek().is_some_and(|character| !is_terminator(character)) {
            self.next();
        }
        match self.take() {
            "true" => Node::Bool(true),
            "false" => Node::Bool(false),
            name => Node::Identifier(name.to_owned()),
        }
    }

    fn number(&mut self) -> Result<Node, Error> {
        if matches!(self.peek(), Some('+' | '-')) {
            self.next();
        }
        while self.peek().is_some_and(|character| character == '.' || character.is_numeric()) {
            self.next();
        }
        let text = self.take();
        if let Ok(whole) = text.parse() {
            return Ok(Node::Int(whole));
        }
        match text.parse() {
            Ok(number) if text.contains(|character: char| character.is_ascii_digit()) => {
                Ok(Node::Float(number))
            }
            _ => Err(Error::new(format!("cannot parse number {text}"))),
        }
    }

    fn array(&mut self, nodes: &mut Vec<Node>) -> Result<(), Error> {
        loop {
            match self.next() {
                None | Some('\n') => return Err(Error::new("unterminated array")),
                Some(']') => break,
                Some(_) => {}
            }
        }
        let whole = self.take();
        let text = whole.get(1..whole.len() - 1).unwrap_or_default();
        if text.contains(',') {
            let parts = text.split(',').map(|part| self.nested(&format!("[{}]", part.trim_matches(' '))));
            nodes.push(Node::Union(parts.collect::<Result<_, _>>()?));
            return Ok(());
        }
        let key = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
        if let Some(key) = key.filter(|key| !key.contains('\'')) {
            nodes.extend(self.nested(&format!(".{key}"))?);
            return Ok(());
        }
        nodes.push(Node::Array(slice(if text == "*" { ":" } else { text })?));
        Ok(())
    }

    fn filter(&mut self) -> Result<Node, Error> {
        self.at += "[?(".len();
        self.take();
        let (mut quote, mut closed) = (None, false);
        loop {
            match self.next() {
                None | Some('\n') => return Err(Error::new("unterminated filter")),
                Some(character @ ('"' | '\'')) => match quote {
                    None => quote = Some(character),
                    Some(open) => {
                        let escaped = self.input.as_bytes().get(self.at.wrapping_sub(2)) == Some(&b'\\');
                        closed |= open == character && !escaped;
                    }
                },
                Some(')') if quote.is_some() == closed => break,
                Some(_) => {}
            }
        }
        if self.next() != Some(']') {
            return Err(Error::new("unclosed array expect ]"));
        }
        let whole = self.take();
        let text = whole.get(..whole.len() - 2).unwrap_or_default();
        let comparison = |character: char| "!<>=".contains(character);
        let Some(at) = text.find(comparison).filter(|at| *at > 0) else {
            return self.existence(text);
        };
        let (left, after) = text.split_at(at);
        let mut length = after.find(|character| !comparison(character)).unwrap_or(after.len());
        if length == after.len() {
            length -= 1; // The right side has at least one character.
        }
        if length == 0 {
            return self.existence(text);
        }
        let (operator, right) = after.split_at(length);
        Ok(Node::Filter {
            left: self.nested(left)?,
            right: self.nested(right)?,
            operator: operator.to_owned(),
        })
    }

    fn existence(&self, text: &str) -> Result<Node, Error> {
        Ok(Node::Filter { left: self.nested(text)?, right: Vec::new(), operator: "exists".to_owned() })
    }

    fn quoted(&mut self, end: char) -> Result<Node, Error> {
        loop {
            match self.next() {
                None | Some('\n') => return Err(Error::new("unterminated quoted string")),
                Some(character) if character == end => {
                    if self.input.as_bytes().get(self.at.wrapping_sub(2)) != Some(&b'\\') {
                        break;
                    }
                }
                Some(_) => {}
            }
        }
        let text = self.take();
        let unquoted =
            unquote(text).ok_or_else(|| Error::new(format!("unquote string {text} error invalid syntax")))?;
        Ok(Node::Text(unquoted))
    }

    fn field(&mut self) -> Node {
        self.take();
        while let Some(character) = self.peek().filter(|character| !is_terminator(*character)) {
            self.next();
            if character == '\\' {
                self.next();
            }
        }
        match self.take() {
            "*" => Node::Wildcard,
            name => Node::Field(name.replace('\\', "")),
        }
    }

    /// What stands in braces of its own.
    fn nested(&self, text: &str) -> Result<Vec<Node>, Error> {
        if self.depth == DEEPEST {
            return Err(Error::new("nested too deeply"));
        }
        let text = format!("{{{text}}}");
        let nodes = Parser { input: &text, start: 0, at: 0, depth: self.depth + 1 }.template()?;
        match nodes.into_iter().next() {
            Some(Node::List(nodes)) => Ok(nodes),
            _ => Ok(Vec::new()),
        }
    }
}

/// `start:end:step`, all of them optional.
fn slice(text: &str) -> Result<Array, Error> {
    let parts: Vec<&str> = text.split(':').collect();
    let digits =
        |part: &str| part.strip_prefix('-').unwrap_or(part).bytes().all(|byte| byte.is_ascii_digit());
    if parts.len() > 3 || !parts.iter().all(|part| digits(part)) {
        return Err(Error::new(format!("invalid array index {text}")));
    }
    let number = |at: usize| match parts.get(at).copied().unwrap_or_default() {
        "" => Ok(None),
        part => part.parse().map(Some).map_err(|_| Error::new(format!("array index {part} is not a number"))),
    };
    let (start, end, step): (Option<i64>, Option<i64>, Option<i64>) = (number(0)?, number(1)?, number(2)?);
    let single = parts.len() == 1;
    let end = if single { Some(start.unwrap_or_default().saturating_add(1)) } else { end };
    Ok(Array { start, end, single, step })
}

fn is_alphanumeric(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

fn is_terminator(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}')
}
