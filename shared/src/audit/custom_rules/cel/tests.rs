use super::*;

/// No names but `object`.
struct Nothing(serde_json::Value);

impl<'v> Globals<'v> for &'v Nothing {
    fn global(&self, _: Global, _: &mut Machine<'_, 'v>) -> Result<Value<'v>, Error> {
        Ok(Value::of_json(&self.0))
    }
}

fn run(text: &str, object: &str, steps: u64) -> String {
    let object = Nothing(serde_json::from_str(object).unwrap());
    let program = match Program::compile(text, &Names::default()) {
        Ok(program) => program,
        Err(error) => return format!("refused: {error}"),
    };
    let globals = &object;
    let mut machine = Machine::new(&globals, steps);
    match machine.run(&program.node) {
        Ok(Value::Bool(it)) => it.to_string(),
        Ok(value) => format!("{} {}", value.type_name(), format::shown(&value)),
        Err(error) => format!("error: {error}"),
    }
}

#[test]
fn expressions() {
    let object = r#"{"a": {"b": [1, 2, 3], "n": null}, "s": "text"}"#;
    let mut wrong = Vec::new();
    for (text, wanted) in [
        ("object.a.b.size() == 3", "true"),
        ("object.a.b.map(x, x * 2) == [2, 4, 6]", "true"),
        ("object.a.b.filter(x, x > 1).map(y, y + 1) == [3, 4]", "true"),
        ("object.a.b.exists_one(x, x == 2)", "true"),
        ("object.a.b.all(i, v, i < v)", "true"),
        ("object.a.b.transformMap(i, v, v > 1, v) == {1: 2, 2: 3}", "true"),
        ("has(object.a.n)", "false"),
        ("has(object.a.b)", "true"),
        ("object.?a.?c.orValue('x') == 'x'", "true"),
        ("object.?a.?b[?1].orValue(9) == 2", "true"),
        ("object.c == 1 || true", "true"),
        ("object.c == 1 && true", "error: no such key: c"),
        ("[1, 2].exists(x, x / 0 == 1 || x == 2)", "true"),
        ("1 == 1.0 && 1u < 2.5", "true"),
        ("9223372036854775807 + 1 == 0", "error: integer overflow"),
        ("'a' + 1 == 'a1'", "error: no such overload"),
        ("'%s has %d of %.1f'.format([object.s, 3, 2.55]) == 'text has 3 of 2.5'", "true"),
        ("'a,b'.split(',') == ['a', 'b'] && ['a', 'b'].join('-') == 'a-b'", "true"),
        ("quantity('1Gi').isGreaterThan(quantity('500Mi'))", "true"),
        ("cidr('10.0.0.0/8').containsIP('10.1.2.3')", "true"),
        ("url('https://example.com:80/a').getPort() == '80'", "true"),
        ("semver('1.2.3').isLessThan(semver('1.10.0'))", "true"),
        ("!format.dns1123Label().validate('a-b').hasValue()", "true"),
        ("format.dns1123Label().validate('A b').hasValue()", "true"),
        ("sets.contains([1, 2], [2])", "true"),
        ("duration('1h') + duration('30m') == duration('90m')", "true"),
        ("timestamp('2026-11-28T12:00:00Z').getHours('+02:00') == 14", "true"),
        ("type(1) == int && type(object) == map", "true"),
        ("object.s.matches('^t.*t$')", "true"),
        ("[3, 1, 2].sort() == [1, 2, 3]", "true"),
        ("['bb', 'a'].sortBy(e, e.size()) == ['a', 'bb']", "true"),
        ("optional.of(1).optMap(x, x + 1).value() == 2", "true"),
        ("nothing", "refused: there is no variable \"nothing\"; there are object, params, now"),
        ("object.a.frobnicate()", "refused: there is no function \"frobnicate\""),
        ("object.s.matches('(')", "refused: \"(\" is no pattern: unclosed group"),
        ("size(1, 2)", "refused: size does not take 2 arguments"),
    ] {
        let found = run(text, object, 100_000);
        if found != wanted {
            wrong.push(format!("{text}: expected {wanted}, found {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_takes_for_ever() {
    let digits: Vec<String> = (0..1000).map(|n| n.to_string()).collect();
    let object = format!("{{\"l\": [{}]}}", digits.join(","));
    for text in [
        "object.l.all(a, object.l.all(b, object.l.all(c, object.l.all(d, a + b + c + d >= 0))))",
        "lists.range(1000000000).size() > 0",
        "object.l.map(a, object.l).flatten().map(b, object.l).size() > 0",
        "object.l.map(a, 'x').join('').replace('', object.l.map(a, 'x').join('')).replace('', 'yyyyyyyyyyyyyyyyyyyyy') == ''",
        "object.l.map(a, object.l.map(b, a * b)).distinct().size() > object.l.map(a, a).map(b, object.l.distinct()).size()",
        "object.l.exists(a, object.l.exists(b, object.l.exists(c, nothing.a == 1 || false)))",
        "'%.1000000000f'.format([1.0]) == ''",
    ] {
        let said = run(text, &object, 1_000_000);
        assert!(said.starts_with("error: ") || said.starts_with("refused: "), "{text}: {said}");
    }
}

#[test]
fn hostile_texts_are_refused() {
    let deep =
        |open: &str, close: &str, times: usize| format!("{}1{}", open.repeat(times), close.repeat(times));
    for text in [
        String::new(),
        " ".to_owned(),
        deep("(", ")", 2_000),
        deep("[", "]", 2_000),
        deep("!", "", 7_000),
        deep("-", "", 7_000),
        format!("1{}", "+1".repeat(4_000)),
        format!("true{}", " || true".repeat(900)),
        format!("true{}", " ? true : true".repeat(500)),
        format!("object{}", ".a".repeat(4_000)),
        format!("object{}", "[0]".repeat(2_500)),
        "a".repeat(9_000),
        "'unclosed".to_owned(),
        "\u{0}".to_owned(),
        "@result".to_owned(),
        "object.all(1, true)".to_owned(),
        "has(1)".to_owned(),
        "has()".to_owned(),
        "Foo{a: 1}".to_owned(),
        "99999999999999999999".to_owned(),
        "'\\u12'".to_owned(),
        "b'\\xzz'".to_owned(),
    ] {
        let short: String = text.chars().take(20).collect();
        let said = run(&text, "{}", 100_000);
        assert!(!said.is_empty(), "{short}");
    }
}

/// Parts of expressions, and of what is none.
#[rustfmt::skip]
const PARTS: &[&str] = &[
    "object", ".a", ".b", "[0]", "[?0]", ".?c", "(", ")", "[", "]", "{", "}", "'s'", "\"", "'", "b'x'", "r'\\d'", "1", "2u",
    "1.5", "0x1", "1e5", "-", "!", "+", "*", "/", "%", "==", "<", ">=", "&&", "||", "?", ":", ",", " in ", "has(", "size(",
    ".all(x, x", ".map(x,", ".exists(i, v,", ".filter(y, y", ".matches('a')", ".format([", "quantity('1')", "duration('1s')",
    "true", "null", "@", "`", "\\", "\u{e9}", "\u{1f600}", "\n", "//", "optional.of(", "sets.contains(", "type(", "Foo{a: 1}",
    ".transformMap(k, v,", ".sortBy(e,", "lists.range(9)", ".flatten()", "'''", "\u{0}", "$", ";", "'\\u", "'\\x1",
    "99999999999999999999",
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 3_000, ..Default::default() })]

    #[test]
    fn no_text_is_too_strange(parts in proptest::collection::vec(0..PARTS.len(), 1..14)) {
        let text: String = parts.into_iter().map(|at| PARTS[at]).collect();
        let said = run(&text, r#"{"a": {"b": [1, 2, {"c": null}]}, "b": "s"}"#, 20_000);
        proptest::prop_assert!(said != "refused: the parser failed", "{text:?}");
    }
}

#[test]
fn what_the_parser_gets_wrong_is_refused() {
    for text in ["!!true", "! !true", "--1", "a - --1", "(!!a)", "a == !!b", "- -1", "'a' != !!b", "x--- 1"] {
        assert!(negations::twice_negated(text), "{text}");
    }
    for text in [
        "!true",
        "!(!true)",
        "-(-1)",
        "a - -1",
        "a--1",
        "a != !b",
        "'!!' == '--'",
        "\"--\"",
        "'''--'''",
        "'\\'--'",
        "a // --1\n&& !b",
        "[1]--1",
        "f()--1",
        "!a || !b",
        "-a - -b",
        "a ? -1 : -2",
    ] {
        assert!(!negations::twice_negated(text), "{text}");
    }
}
