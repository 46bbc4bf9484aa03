//! The expressions.

/// Values of every type, as literals that the compiler does not see through.
const VALUES: &[&str] = &[
    "1",
    "2",
    "-1",
    "1u",
    "1.0",
    "1.5",
    "'a'",
    "'b'",
    "''",
    "true",
    "false",
    "null",
    "[1]",
    "[1.0, 2.0]",
    "{'a': 1}",
    "{}",
    "b'a'",
    "duration('1s')",
    "duration('60s')",
    "timestamp('2026-11-28T12:00:00Z')",
    "quantity('1')",
    "type(1)",
    "optional.of(1)",
    "optional.none()",
];

const OPERATORS: &[&str] = &["==", "!=", "<", ">=", "+", "-", "*", "/", "%", "in"];

/// All of them, each once.
pub(crate) fn all() -> Vec<String> {
    let mut all: Vec<String> = WRITTEN.iter().map(ToString::to_string).collect();
    for (at, one) in VALUES.iter().enumerate() {
        for (place, other) in VALUES.iter().enumerate() {
            // Every pair for equality and order; for arithmetic, where something may come of it.
            for operator in OPERATORS {
                let compares = matches!(*operator, "==" | "<" | "in");
                if !compares && (at * 7 + place * 3) % 5 != 0 {
                    continue;
                }
                all.push(match *operator {
                    "==" | "!=" | "<" | ">=" | "in" => format!("dyn({one}) {operator} dyn({other})"),
                    _ => format!("dyn({one}) {operator} dyn({other}) == dyn({one})"),
                });
            }
        }
        for function in ["int", "uint", "double", "string", "bool", "bytes", "size", "duration", "timestamp"]
        {
            all.push(format!("{function}(dyn({one})) == dyn({one})"));
        }
        all.push(format!("dyn({one}) && true"));
        all.push(format!("dyn({one}) || true"));
        all.push(format!("dyn({one}) ? true : false"));
        all.push(format!("!dyn({one})"));
        all.push(format!("-dyn({one}) == dyn({one})"));
        all.push(format!("dyn({one}).a == 1"));
        all.push(format!("has(dyn({one}).a)"));
        all.push(format!("dyn({one})[0] == 1"));
        all.push(format!("dyn({one}).all(x, x == 1)"));
        all.push(format!("optional.ofNonZeroValue(dyn({one})).hasValue()"));
    }
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|expression| seen.insert(expression.clone()));
    all
}

#[rustfmt::skip]
const WRITTEN: &[&str] = &[
    // Objects.
    "object.spec.replicas == 3", "has(object.spec.replicas)", "has(object.spec.replicas) && object.spec.replicas > 1",
    "object.kind == 'Pod' || object.spec.replicas < 5", "object.spec.nothing == 1", "has(object.spec.nothing)",
    "has(object.spec.nothing.deeper)", "object.spec.nothing == 1 || true", "true || object.spec.nothing == 1",
    "object.spec.nothing == 1 && false", "object.metadata.labels.app == 'web'", "has(object.metadata.labels)",
    "'app' in object.metadata.labels", "object.metadata.labels['team'] in ['search', 'checkout']",
    "object.metadata.?labels.?team.orValue('none') == 'search'", "object.?spec.?replicas.hasValue()",
    "object.metadata.?labels[?'team'].orValue('none') == 'search'", "object.spec[?'replicas'].value() == 3",
    "object.metadata.name.startsWith('w')", "object.metadata.namespace == 'shop'", "object.apiVersion == 'apps/v1'",
    "object.metadata.annotations['example.com/owner'].endsWith('@example.com')",
    "object.spec.template.spec.containers.all(c, has(c.resources) && has(c.resources.limits))",
    "object.spec.template.spec.containers.exists(c, c.name == 'side')",
    "object.spec.template.spec.containers.exists_one(c, c.image.contains(':'))",
    "object.spec.template.spec.containers.existsOne(c, c.image.contains(':'))",
    "object.spec.template.spec.containers.map(c, c.name) == ['main', 'side']",
    "object.spec.template.spec.containers.filter(c, c.image.contains('/')).size() == 1",
    "object.spec.template.spec.containers.map(c, c.image.contains('/'), c.name) == ['main']",
    "object.spec.template.spec.containers[0].ports[0].containerPort == 8080",
    "object.spec.template.spec.containers[1].ports[0].containerPort == 8080",
    "object.spec.template.spec.containers[7].name == ''", "object.spec.template.spec.containers[?7].hasValue()",
    "object.spec.containers.all(c, c.image.matches('^registry[.]example[.]com/'))",
    "object.spec.containers.all(c, c.resources.requests.cpu == '250m')",
    "object.spec.containers.exists(c, c.resources.requests.cpu == '250m')",
    "quantity(object.spec.containers[0].resources.requests.memory).isLessThan(quantity(object.spec.containers[0].resources.limits.memory))",
    "object.spec.ports.map(p, p.port).sum() == 523", "object.spec.ports.all(p, p.port < 1024)",
    "object.spec.ports.map(p, p.port).max() == 443", "object.spec.ports.map(p, p.name).join('+') == 'http+https'",
    "object.spec.ports[0].targetPort == 'web'", "object.spec.ports[1].targetPort == 443",
    "type(object.spec.ports[0].targetPort) == string", "object.spec.externalIPs.all(i, ip(i).family() == 4)",
    "object.spec.externalIPs.exists(i, cidr('192.0.2.0/24').containsIP(i))", "size(object.spec) > 0",
    "object.metadata.labels.all(k, object.metadata.labels[k] != '')", "object.metadata.labels.exists(k, k == 'team')",
    "object.metadata.labels.map(k, k).size() == 2", "object.metadata.labels.size() == 2", "object == object",
    "object.spec.selector.matchLabels == {'app': 'web'}", "object.spec.hostNetwork", "object.spec.hostNetwork == true",
    "!object.spec.hostNetwork", "object.spec.nodeSelector.disk == 'ssd'", "object.spec.restartPolicy == 'Always'",
    "object.metadata.labels.transformList(k, v, k + '=' + v).size() == 2",
    "object.metadata.labels.transformMap(k, v, v.size()).app == 3",
    "object.metadata.labels.all(k, v, k != v)", "object.metadata.labels.exists(k, v, v == 'search')",
    "object.spec.ports.all(i, p, i < 2 && p.port > 0)", "object.spec.ports.transformMapEntry(i, p, {p.name: i}).http == 0",
    "object.metadata.creationTimestamp < timestamp('2000-01-01T00:00:00Z')", "variables.x == 1", "nothing == 1",
    "params.x == 1", 
    // Literals and operators.
    "1 + 2 * 3 == 7", "(1 + 2) * 3 == 9", "7 / 2 == 3", "-7 / 2 == -3", "7 % 3 == 1", "-7 % 3 == -1", "1 / 0 == 1",
    "1 % 0 == 1", "1.0 / 0.0 > 1.0", "9223372036854775807 + 1 == 0", "-9223372036854775808 - 1 == 0",
    "18446744073709551615u + 1u == 0u", "1u - 2u == 0u", "-9223372036854775808 == -9223372036854775808",
    "0x10 == 16", "1e3 == 1000.0", "'a' + 'b' == 'ab'", "[1] + [2] == [1, 2]", "'\\u00e9' == 'é'", "r'\\d' == '\\\\d'",
    "'''a\nb'''.size() == 3", "b'abc'.size() == 3", "b'\\xff'.size() == 1", "'é'.size() == 1", "size('é') == 1",
    "true ? 1 == 1 : 1 / 0 == 1", "false ? 1 / 0 == 1 : true", "[1, 2, 3][1] == 2", "{'a': 1}.a == 1", "{'a': 1}['b'] == 1",
    "{1: 'a', 2: 'b'}[1] == 'a'", "{1: 'a', 1: 'b'}[1] == 'b'", "{1: 'a'}[1u] == 'a'", "1 in {1: 2}", "1u in {1: 2}",
    "1.0 in [1]", "1 == 1.0", "1u == 1", "2 < 2.5", "3u > 2", "1 == '1'", "null == null", "[1, 2] == [1, 2.0]",
    "{'a': [1]} == {'a': [1]}", "{'a': 1} == {'a': 1, 'b': 2}", "'a' < 'b'", "'Z' < 'a'", "'é' > 'z'", "true > false",
    "[?optional.none()] == []", "[?optional.of(1)] == [1]", "{?'a': optional.none()} == {}", "{?'a': optional.of(1)}.a == 1",
    "!true || !false", "1 < 2 && 2 < 3", "type(1) == int", "type(1u) == uint", "type('') == string",
    "type([]) == list", "type({}) == map", "type(null) == null_type", "type(type(1)) == type", "type(1.0) == double",
    "type(b'') == bytes", "type(timestamp('2026-01-01T00:00:00Z')) == google.protobuf.Timestamp",
    "type(duration('1s')) == google.protobuf.Duration", "1 + 1.0 == 2.0", "'a' * 2 == 'aa'", "1 && true", "'a'", "[true]",
    // Macros.
    "[1, 2, 3].all(x, x > 0)", "[].all(x, false)", "[].exists(x, true)", "[1, 2].exists(x, x / (x - 1) > 0)",
    "[1, 2].all(x, x / (x - 1) > 5)", "[2, 1].all(x, x / (x - 1) > 5)", "[1, 2].exists_one(x, x / (x - 1) > 0)",
    "[[1], [2]].map(x, x.map(y, y * 2)) == [[2], [4]]", "[1, 2].map(x, [3, 4].map(y, x * y)) == [[3, 4], [6, 8]]",
    "[1, 2].filter(x, x > 1).map(x, x + 1).exists(x, x == 3)", "{'a': 1, 'b': 2}.exists(k, k == 'b')",
    "{'a': 1}.map(k, k + 'x') == ['ax']", "{'a': 1}.filter(k, true) == ['a']", "'abc'.all(x, true)", "1.all(x, true)",
    "[1, 2].all(i, v, v == i + 1)", "[1, 2].exists(i, v, v == 9)", "[1, 2].existsOne(i, v, i == 1)",
    "[3, 4].transformList(i, v, i * v) == [0, 4]", "[3, 4].transformList(i, v, i > 0, v) == [4]",
    "[3, 4].transformMap(i, v, v) == {0: 3, 1: 4}", "{'a': 1}.transformMap(k, v, v + 1) == {'a': 2}",
    "{'a': 1}.transformMapEntry(k, v, {v: k}) == {1: 'a'}", "[1, 1].transformMapEntry(i, v, {v: i}) == {1: 0}",
    "[1].all(x, x, true)", "cel.bind(x, 1, x == 1)", "[1, 2].map(object, object + 1) == [2, 3]", "[1].all(variables, variables == 1)",
    // Conversions.
    "int('12') == 12", "int('x') == 1", "int(1.9) == 1", "int(-1.9) == -1", "int(1e30) == 1", "int(18446744073709551615u) == 1",
    "int('+5') == 5", "int(' 5') == 5", "uint(-1) == 1u", "uint('7') == 7u", "uint('-7') == 7u", "uint('+7') == 7u", "uint(1.9) == 1u",
    "double('1.5') == 1.5", "double('x') == 1.0", "double(3) == 3.0", "string(1) == '1'", "string(1u) == '1'", "string(1.0) == '1'",
    "string(1.5) == '1.5'", "string(1e21) == '1e+21'", "string(1e20) == '1e+20'", "string(100000000.0) == '1e+08'", "string(1e-7) == '1e-07'",
    "string(123456789.0) == '1.23456789e+08'", "string(0.00001) == '1e-05'", "string(true) == 'true'",
    "string(b'a') == 'a'", "string(b'\\xff') == ''", "string(duration('90s')) == '90s'", "string(duration('1500ms')) == '1.5s'",
    "string(timestamp('2026-11-28T12:00:00Z')) == '2026-11-28T12:00:00Z'",
    "string(timestamp('2026-11-28T12:00:00.500Z')) == '2026-11-28T12:00:00.5Z'",
    "bytes('a') == b'a'", "bool('true')", "bool('T')",
    "bool('yes')", "dyn(1) == 1", "int(timestamp('1970-01-01T00:01:00Z')) == 60", "int(duration('1s')) == 1000000000",
    "timestamp(60) == timestamp('1970-01-01T00:01:00Z')", "string(null) == 'null'", "string([1]) == '[1]'", "bool(1)",
    // Time.
    "duration('1h') == duration('60m')", "duration('1h30m') > duration('1h')", "duration('-1s') < duration('0s')", "duration('x') == duration('1s')",
    "duration('1d') == duration('24h')", "duration('1.5h') == duration('90m')", "duration('1h').getMinutes() == 60", "duration('90s').getMinutes() == 1",
    "duration('1500ms').getMilliseconds() == 1500", "duration('1500ms').getSeconds() == 1", "duration('3h').getHours() == 3",
    "timestamp('2026-11-28T12:34:56.789Z').getHours() == 12", "timestamp('2026-11-28T12:34:56.789Z').getMilliseconds() == 789",
    "timestamp('2026-11-28T12:34:56Z').getFullYear() == 2026", "timestamp('2026-11-28T12:34:56Z').getMonth() == 10",
    "timestamp('2026-11-28T12:34:56Z').getDate() == 28", "timestamp('2026-11-28T12:34:56Z').getDayOfMonth() == 27",
    "timestamp('2026-11-28T12:34:56Z').getDayOfWeek() == 6", "timestamp('2026-11-28T12:34:56Z').getDayOfYear() == 331",
    "timestamp('2026-11-28T23:34:56Z').getHours('Europe/Berlin') == 0", "timestamp('2026-11-28T12:34:56Z').getMinutes('+05:30') == 4",
    "timestamp('2026-11-28T12:34:56Z').getHours('-08:00') == 4", "timestamp('2026-11-28T12:34:56Z').getHours('Nowhere/Land') == 4",
    "timestamp('2026-11-28T12:34:56Z').getHours('02:00') == 14", "timestamp('2026-11-28T12:34:56Z').getSeconds() == 56",
    "timestamp('2026-11-28T12:00:00Z') + duration('1h') == timestamp('2026-11-28T13:00:00Z')",
    "timestamp('2026-11-28T12:00:00Z') - timestamp('2026-11-28T11:00:00Z') == duration('1h')",
    "timestamp('9999-12-31T23:59:59Z') + duration('1s') > timestamp('2026-11-28T12:00:00Z')", "timestamp('2026-11-28') == timestamp(0)",
    "timestamp('2026-02-30T00:00:00Z') == timestamp(0)", "timestamp(dyn('2026-02-30T00:00:00Z')) == timestamp(0)", "timestamp(dyn('2026-11-28')) == timestamp(0)",
    "duration(dyn('1d')) == duration('24h')", "timestamp(dyn('2026-11-28t12:00:00z')) == timestamp(0)",
    // Strings.
    "'abc'.contains('b')", "'abc'.contains('')", "'abc'.startsWith('ab')", "'abc'.endsWith('bc')", "'abc'.matches('b')", "'abc'.matches('^b')",
    "matches('abc', 'a.c')", "'abc'.matches('(')", "'abc'.matches(dyn('('))", "'aXb'.matches('(?i)x')", "'a\\nb'.matches('a.b')",
    "'abc'.charAt(1) == 'b'", "'abc'.charAt(3) == ''", "'abc'.charAt(4) == ''", "'abc'.charAt(-1) == ''", "'héllo'.charAt(1) == 'é'",
    "'hello'.indexOf('l') == 2", "'hello'.indexOf('l', 3) == 3", "'hello'.indexOf('z') == -1", "'hello'.indexOf('') == 0", "'hello'.indexOf('l', 9) == -1",
    "'hello'.indexOf('l', -1) == -1", "'hello'.lastIndexOf('l') == 3", "'hello'.lastIndexOf('l', 2) == 2", "'hello'.lastIndexOf('') == 5", "'héllo'.indexOf('l') == 2",
    "'ÄbC'.lowerAscii() == 'Äbc'", "'äbC'.upperAscii() == 'äBC'", "'aaa'.replace('a', 'b') == 'bbb'", "'aaa'.replace('a', 'b', 2) == 'bba'",
    "'aaa'.replace('a', 'b', 0) == 'aaa'", "'aaa'.replace('a', 'b', -1) == 'bbb'", "'ab'.replace('', '-') == '-a-b-'", "'ab'.replace('', '-', 2) == '-a-b'",
    "'a,b,c'.split(',') == ['a', 'b', 'c']", "'a,b,c'.split(',', 2) == ['a', 'b,c']", "'a,b,c'.split(',', 0) == []", "'a,b'.split(',', -1) == ['a', 'b']",
    "'abc'.split('') == ['a', 'b', 'c']", "''.split(',') == ['']", "'a,b,c'.split(',', 1) == ['a,b,c']", "'héllo'.substring(1) == 'éllo'", "'hello'.substring(1, 3) == 'el'",
    "'hello'.substring(5) == ''", "'hello'.substring(6) == ''", "'hello'.substring(3, 1) == ''", "'hello'.substring(-1) == ''", "'  a b\\t\\n'.trim() == 'a b'",
    "'\\u00a0a\\u2003'.trim() == 'a'", "['a', 'b'].join() == 'ab'", "['a', 'b'].join('-') == 'a-b'", "[].join('-') == ''", "['a', 1].join('-') == 'a-1'", "[dyn('a'), dyn(1)].join('-') == 'a-1'",
    "strings.quote('a\"b') == '\"a\\\\\"b\"'", "strings.quote('a\\nb') == '\"a\\\\nb\"'", "'abc'.reverse() == 'cba'", "'abc'.size() == 3", "'abc'.find('b.') == 'bc'", "'abc'.find('z') == ''",
    "'a1b22'.findAll('[0-9]+') == ['1', '22']", "'a1b22'.findAll('[0-9]+', 1) == ['1']", "'a1b22'.findAll('[0-9]+', 0) == []", "'a1b22'.findAll('[0-9]+', -1) == ['1', '22']", "'abc'.findAll('z') == []",
    // format.
    "'%s'.format(['a']) == 'a'", "'%s %d'.format(['a', 1]) == 'a 1'", "'%d'.format([1u]) == '1'", "'%f'.format([1.5]) == '1.500000'", "'%.2f'.format([1.005]) == '1.00'", "'%.0f'.format([2.5]) == '2'",
    "'%e'.format([1500.0]) == '1.500000e+03'", "'%.1e'.format([0.00012]) == '1.2e-04'", "'%x'.format([255]) == 'ff'", "'%X'.format([255]) == 'FF'", "'%x'.format(['az']) == '617a'", "'%x'.format([b'az']) == '617a'", "'%o'.format([8]) == '10'",
    "'%b'.format([5]) == '101'", "'%b'.format([true]) == '1'", "'%x'.format([-255]) == '-ff'", "'%s'.format([1]) == '1'", "'%s'.format([1.0]) == '1'", "'%s'.format([1.5]) == '1.5'", "'%s'.format([true]) == 'true'", "'%s'.format([null]) == 'null'",
    "'%s'.format([[1, 2]]) == '[1, 2]'", "'%s'.format([['a', 'b']]) == '[\"a\", \"b\"]'", "'%s'.format([['a', 'b']]) == '[a, b]'", "'%s'.format([{'b': 1, 'a': 2}]) == '{\"a\":2, \"b\":1}'", "'%s'.format([{'b': 1, 'a': 2}]) == '{a: 2, b: 1}'",
    "'%s'.format([duration('90s')]) == '90s'", "'%s'.format([timestamp('2026-11-28T12:00:00Z')]) == '2026-11-28T12:00:00Z'", "'%s'.format([b'a']) == 'a'", "'%s'.format([int]) == 'int'", "'%%'.format([]) == '%'", "'%d'.format(['a']) == 'a'",
    "'%s %s'.format(['a']) == ''", "'%s'.format(['a', 'b']) == 'a'", "'%q'.format(['a']) == ''", "'%'.format([]) == ''", "'%d'.format([1.5]) == '1'", "'%f'.format([1]) == '1.000000'", "'%e'.format([1]) == '1.000000e+00'", "'%s'.format([1e21]) == '1e+21'",
    "'%s'.format([dyn(1e20)]) == '100000000000000000000'", "'%.3f'.format([dyn(1.0 / 3.0)]) == '0.333'", "'%s'.format([dyn([dyn('a'), dyn(1)])]) == '[a, 1]'", "'%s'.format([object.metadata.name]) == 'web'",
    // Lists and sets.
    "[1, 2, 3].isSorted()", "[2, 1].isSorted()", "['a', 'b'].isSorted()", "[].isSorted()", "[1, 2].sum() == 3", "[1.5, 2.5].sum() == 4.0", "[].sum() == 0", "[duration('1s'), duration('2s')].sum() == duration('3s')", "['a'].sum() == 'a'",
    "[3, 1, 2].min() == 1", "[3, 1, 2].max() == 3", "[].min() == 1", "['b', 'a'].min() == 'a'", "[1, 2, 2].indexOf(2) == 1", "[1, 2, 2].lastIndexOf(2) == 2", "[1].indexOf(5) == -1", "[1, 2, 3].slice(1, 3) == [2, 3]", "[1].slice(0, 5) == [1]", "[1].slice(-1, 1) == [1]",
    "[[1], [2, [3]]].flatten() == [1, 2, [3]]", "[[1], [2, [3]]].flatten(2) == [1, 2, 3]", "[[1]].flatten(0) == [[1]]", "[[1]].flatten(-1) == [1]", "[dyn([1]), dyn(2)].flatten() == [1, 2]", "[3, 1, 2].sort() == [1, 2, 3]", "['b', 'a'].sort() == ['a', 'b']",
    "[dyn(1), dyn('a')].sort() == []", "[dyn(1), dyn(1.5)].sort() == [1, 1.5]", "[1, 2, 1].distinct() == [1, 2]", "[dyn(1), dyn(1.0)].distinct() == [1]", "[1, 2].reverse() == [2, 1]", "lists.range(3) == [0, 1, 2]", "lists.range(0) == []", "lists.range(-1) == []", "[1, 2].first().value() == 1",
    "[1, 2].last().value() == 2", "[].first().hasValue()", "['bb', 'a'].sortBy(x, x.size()) == ['a', 'bb']", "[3, 1].sortBy(x, -x) == [3, 1]", "sets.contains([1, 2], [2])", "sets.contains([1], [1, 2])", "sets.equivalent([1, 2, 2], [2, 1])", "sets.intersects([1, 2], [2, 3])", "sets.intersects([], [1])",
    "sets.contains([1, 2], [2.0])", "optional.unwrap([optional.of(1), optional.none()]) == [1]", "[optional.of(1), optional.none()].unwrapOpt() == [1]",
    // Optionals.
    "optional.of(1).value() == 1", "optional.none().value() == 1", "optional.of(1).or(optional.of(2)).value() == 1", "optional.none().or(optional.of(2)).value() == 2", "optional.none().orValue(3) == 3", "optional.of(1).orValue(1 / 0) == 1", "optional.of(1) == optional.of(1)",
    "optional.of(1).optMap(x, x + 1).value() == 2", "optional.none().optMap(x, x + 1).hasValue()", "optional.of(1).optFlatMap(x, optional.of(x + 1)).value() == 2", "optional.of({'a': 1}).a.value() == 1", "optional.of({'a': 1}).?b.hasValue()", "{'a': {'b': 1}}.?a.b.value() == 1", "{'a': {'b': 1}}.?a.?c.d.hasValue()",
    "has({'a': {'b': 1}}.?a.b)", "optional.ofNonZeroValue('').hasValue()", "optional.ofNonZeroValue(0).hasValue()", "optional.ofNonZeroValue([]).hasValue()", "[1, 2][?5].orValue(9) == 9", "optional.of([1])[0].value() == 1",
    // Quantities.
    "quantity('1Gi') == quantity('1024Mi')", "quantity('1').isGreaterThan(quantity('999m'))", "quantity('1').compareTo(quantity('1000m')) == 0", "quantity('1').compareTo(quantity('2')) == -1", "quantity('x') == quantity('1')", "isQuantity('1.5Gi')", "isQuantity('1.5 Gi')", "isQuantity('1e3')", "isQuantity('')",
    "isQuantity(' 1')", "quantity('1.5').isInteger()", "quantity('1k').asInteger() == 1000", "quantity('1.5').asInteger() == 1", "quantity('1.5').asApproximateFloat() == 1.5", "quantity('1Gi').add(quantity('1Gi')) == quantity('2Gi')", "quantity('1Gi').add(1) == quantity('1073741825')", "quantity('1').sub(quantity('2')) == quantity('-1')",
    "quantity('5').sub(2) == quantity('3')", "sign(quantity('-5')) == -1", "quantity('-5').sign() == -1", "quantity('0').sign() == 0", "quantity('1') < quantity('2')", "quantity('9223372036854775807').add(1).isInteger()", "quantity('0.0000000001').isGreaterThan(quantity('0'))", "string(quantity('1')) == '1'", "type(quantity('1')) == type(quantity('2'))",
    // URLs.
    "isURL('https://example.com')", "isURL('example.com')", "isURL('/path')", "isURL('')", "isURL('https://a b')", "isURL('../a')", "url('https://example.com:80/a%20b?x=1&x=2#f').getHost() == 'example.com:80'", "url('https://example.com:80/a').getHostname() == 'example.com'", "url('https://example.com:80/a').getPort() == '80'", "url('https://example.com/a').getPort() == ''",
    "url('https://[::1]:80/').getHostname() == '::1'", "url('https://[::1]:80/').getHost() == '[::1]:80'", "url('https://example.com/a b').getEscapedPath() == '/a%20b'", "url('https://example.com/a%20b').getEscapedPath() == '/a%20b'", "url('https://example.com').getEscapedPath() == ''", "url('https://example.com?x=1&x=2&y=').getQuery() == {'x': ['1', '2'], 'y': ['']}", "url('/a').getScheme() == ''", "url('HTTPS://Example.com').getScheme() == 'https'", "url('HTTPS://Example.com').getHost() == 'Example.com'",
    "url('example') == url('example')", "url('https://a/b') == url('https://a/b')", "url('mailto:a@b').getScheme() == 'mailto'", "url('https://user:pw@example.com/').getHost() == 'example.com'", "url('https://example.com:443/').getPort() == '443'", "url('https://example.com/../a').getEscapedPath() == '/../a'", "url('https://example.com/%zz').getHost() == ''",
    // Addresses.
    "isIP('10.0.0.1')", "isIP('::1')", "isIP('10.0.0.256')", "isIP('010.0.0.1')", "isIP('::ffff:1.2.3.4')", "isIP('fe80::1%eth0')", "ip('10.0.0.1').family() == 4", "ip('::1').family() == 6", "ip('10.0.0.1') == ip('10.0.0.1')", "ip('::1') == ip('0:0:0:0:0:0:0:1')", "ip.isCanonical('::1')", "ip.isCanonical('0:0:0:0:0:0:0:1')", "ip.isCanonical('::A')", "ip.isCanonical('x')", "ip('127.0.0.1').isLoopback()",
    "ip('0.0.0.0').isUnspecified()", "ip('224.0.0.1').isLinkLocalMulticast()", "ip('169.254.0.1').isLinkLocalUnicast()", "ip('8.8.8.8').isGlobalUnicast()", "ip('10.0.0.1').isGlobalUnicast()", "ip('255.255.255.255').isGlobalUnicast()", "ip('ff02::1').isLinkLocalMulticast()", "ip('fe80::1').isLinkLocalUnicast()", "string(ip('0:0:0:0:0:0:0:1')) == '::1'", "ip('10.0.0.1').string() == '10.0.0.1'", "ip('x').family() == 4",
    "isCIDR('10.0.0.0/8')", "isCIDR('10.0.0.1/8')", "isCIDR('10.0.0.0/33')", "isCIDR('10.0.0.0')", "isCIDR('::/0')", "isCIDR('::ffff:1.2.3.0/120')", "cidr('10.0.0.0/8').containsIP('10.1.1.1')", "cidr('10.0.0.0/8').containsIP(ip('11.1.1.1'))", "cidr('10.0.0.0/8').containsIP('x')", "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')", "cidr('10.0.0.0/8').containsCIDR(cidr('0.0.0.0/0'))", "cidr('10.1.2.3/8').ip() == ip('10.1.2.3')", "cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8')",
    "cidr('10.0.0.0/8').prefixLength() == 8", "string(cidr('10.1.2.3/8')) == '10.1.2.3/8'", "cidr('10.0.0.0/8') == cidr('10.0.0.1/8')", "cidr('10.0.0.0/8').containsIP('::1')", "cidr('::/0').containsCIDR('10.0.0.0/8')",
    // Versions.
    "isSemver('1.2.3')", "isSemver('v1.2.3')", "isSemver('1.2')", "isSemver('v1.2', true)", "isSemver('01.2.3', true)", "isSemver('1.2.3-rc.1+b')", "semver('1.2.3').major() == 1", "semver('1.2.3').minor() == 2", "semver('1.2.3').patch() == 3", "semver('1.2.3').isLessThan(semver('1.10.0'))", "semver('1.2.3').isGreaterThan(semver('1.2.3-rc.1'))", "semver('1.2.3').compareTo(semver('1.2.3+b')) == 0",
    "semver('1.2.3') == semver('1.2.3')", "semver('1.2.3') == semver('1.2.3+b')", "semver('v1.2', true).patch() == 0", "semver('v1', true) == semver('1.0.0')", "semver('x').major() == 1", "semver('1.2.3-alpha').compareTo(semver('1.2.3-alpha.1')) == -1", "semver('1.2.3', false).major() == 1", "isSemver('v01.02.03', true)", "isSemver('V1.0.0', true)",
    // Formats.
    "!format.dns1123Label().validate('a-b').hasValue()", "format.dns1123Label().validate('A').hasValue()", "format.dns1123Subdomain().validate('a.b').hasValue()", "format.dns1123Subdomain().validate('a..b').hasValue()", "format.dns1035Label().validate('1a').hasValue()", "format.dns1035Label().validate('a1').hasValue()", "format.qualifiedName().validate('example.com/name').hasValue()", "format.qualifiedName().validate('a/b/c').hasValue()",
    "format.labelValue().validate('').hasValue()", "format.labelValue().validate('-a').hasValue()", "format.uuid().validate('550e8400-e29b-41d4-a716-446655440000').hasValue()", "format.uuid().validate('x').hasValue()", "format.byte().validate('aGk=').hasValue()", "format.byte().validate('a').hasValue()", "format.date().validate('2026-11-28').hasValue()", "format.date().validate('2026-13-28').hasValue()", "format.datetime().validate('2026-11-28T12:00:00Z').hasValue()", "format.datetime().validate('x').hasValue()",
    "format.uri().validate('https://example.com').hasValue()", "format.uri().validate('x').hasValue()", "format.dns1123LabelPrefix().validate('a-').hasValue()", "format.dns1123SubdomainPrefix().validate('a.b-').hasValue()", "format.dns1035LabelPrefix().validate('a-').hasValue()", "format.named('dns1123Label').hasValue()", "format.named('nothing').hasValue()", "format.named('uuid').value().validate('x').hasValue()", "format.dns1123Label().validate('A').value()[0].size() > 10",
    "format.dns1123Label().validate('A').value() == ['x']", "format.dns1123Label() == format.dns1123Label()", "format.dns1123Label() == format.uuid()",
    "'%f'.format([1234567.891]) == '1,234,567.891000'", "'%.2f'.format([-1234.5]) == '-1,234.50'", "'%f'.format([999.0]) == '999.000000'", "'%e'.format([1500.0]) == '1.500000×10⁰³'", "'%.1e'.format([0.00012]) == '1.200000×10⁻⁰⁴'",
    "'%s'.format([[1.5, 2.0]]) == '[1.500000, 2.000000]'", "'%s'.format([[duration('1s')]]) == '[duration(\"1s\")]'", "'%s'.format([[b'a']]) == '[b\"a\"]'", "'%s'.format([{'a': [1]}]) == '{\"a\":[1]}'", "'%s'.format([{2: true, 10: null}]) == '{10:null, 2:true}'", "string(1000000.0) == '1e+06'", "string(999999.5) == '999999.5'", "string(1234567.5) == '1.2345675e+06'",
    "'abc'.split('', 2) == ['a', 'bc']", "'abc'.split('', 0) == []", "'abc'.split('', -1) == ['a', 'b', 'c']", "''.split('') == []", "'hello'.lastIndexOf('l', -1) == -1", "[{'a': 1}].exists(x, has(x.a))", "1 - -1 == 2", "!(!true)", "-(-1) == 1", "'!!' == '--'.replace('--', '!!')",
    "quantity('1') != quantity('2')", "[quantity('1')] == [quantity('1000m')]", "dyn(1) == quantity('1')", "dyn(ip('::1')) == dyn('::1')", "dyn('::1') == dyn(ip('::1'))", "dyn(semver('1.0.0')) == dyn(1)", "dyn(url('/a')) == dyn('/a')", "quantity('1') in [quantity('1')]",
    "isURL('http://a:b:c/')", "isURL('postgres://a:1,b:2/')", "isURL('http://a:80a/')", "isURL('http://[::1/')", "isURL('http://[1.2.3.4]/')", "isURL('http://[fe80::1%25eth0]/')", "isURL('http://a%41/')", "isURL('http://a\\u0001/')", "isURL('//host/a')", "isURL('a:b')", "isURL(':a')", "isURL('1a://b')", "isURL('http://user name@a/')", "isURL('/a b')", "isURL('/%')", "isURL('*')",
    "url('//host/a').getHost() == ''", "url('//host/a').getEscapedPath() == '//host/a'", "url('http://a/é').getEscapedPath() == '/%C3%A9'", "url('http://a/[b]').getEscapedPath() == '/[b]'", "url('http://a/b?x=%41+b&c;d&=e&f').getQuery() == {'x': ['A b'], '': ['e'], 'f': ['']}", "url('http://a/b#c d').getEscapedPath() == '/b'", "url('http://a/b?').getQuery() == {}", "url('http://a/b') == url('http://a/b#')", "url('http://a/%2f').getEscapedPath() == '/%2f'", "url('http://[fe80::1%25eth0]:1/').getHostname() == 'fe80::1%eth0'", "url('http://a:/').getPort() == ''", "url('http://a:/').getHost() == 'a:'", "url('mailto:x').getEscapedPath() == ''",
    "isSemver('1.2.3-01')", "isSemver('1.2.3-a..b')", "isSemver('1.2.3+')", "isSemver('1.2.3-')", "isSemver('1.2.3.4')", "isSemver('00.0.0', true)", "isSemver('v1-a', true)", "isSemver('v1.2-rc', true)", "isSemver('', true)", "isSemver('v', true)", "semver('1.0.0-2').isLessThan(semver('1.0.0-10'))", "semver('1.0.0-2').isLessThan(semver('1.0.0-a'))", "semver('1.0.0-a').isLessThan(semver('1.0.0-a.b'))", "semver('v01.02.003-x', true).patch() == 3",
    // What there is not.
    "math.greatest(1, 2) == 2", "base64.encode(b'a') == 'YQ=='", "jsonpatch.escapeKey('a/b') == 'a~1b'", "max(1, 2) == 2", "isIPv4('1.2.3.4')", "'abc'.lower() == 'abc'", "1.string() == '1'", "object.spec.replicas.string() == '3'", "sort([1])", "has(object)", "has(1)", "true +", "", "(", "'abc",
];
