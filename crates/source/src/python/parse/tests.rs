use super::lexer::{Sort, tokens};
use super::{Field, Kind, Node, Tree, parse};
use crate::tests::mutated;
use proptest::prelude::*;

/// A tree on one line: kind, field, and the text of what has nothing in it.
fn outline(text: &str) -> String {
    let tree = parse(text);
    let root = tree.root().expect("a tree has a root");
    let shown: Vec<String> = tree.children(root).map(|node| shown(&tree, node, text)).collect();
    shown.join("; ")
}

fn shown(tree: &Tree, node: Node, text: &str) -> String {
    let name = match node.field() {
        Field::None | Field::Body => String::new(),
        field => format!("{field:?}:"),
    };
    let inner: Vec<String> = tree.children(node).map(|child| shown(tree, child, text)).collect();
    let inner = match inner.is_empty() {
        true => text[node.byte_range()].replace('\n', "⏎"),
        false => inner.join(" "),
    };
    format!("{name}{:?}({inner})", node.kind())
}

fn check(text: &str, expected: &str) {
    assert_eq!(outline(text), expected, "{text}");
}

#[test]
fn statements_and_blocks() {
    check("", "");
    check("# only a comment", "");
    check("a; b;\nc", "Identifier(a); Identifier(b); Identifier(c)");
    check("if a: b; c\nd", "Statement(Identifier(a) Identifier(b) Identifier(c)); Identifier(d)");
    check(
        "if a:\n  b\nelif c:\n  d\nelse:\n  e",
        "Statement(Identifier(a) Identifier(b)); Statement(Identifier(c) Identifier(d)); Statement(Identifier(e))",
    );
    check(
        "while a:\n\tb\n        c\nd",
        "Statement(Identifier(a) Identifier(b) Identifier(c)); Identifier(d)",
    );
    check("if a:\n    b\n  c\nd", "Statement(Identifier(a) Identifier(b)); Identifier(c); Identifier(d)");
    check("if a:\n# x\n  # y\n  b\nc", "Statement(Identifier(a) Identifier(b)); Identifier(c)");
    check("if a:\nb", "Statement(Identifier(a)); Identifier(b)");
    check(
        "for a, b in c, d: e",
        "For(Left:Other(Identifier(a) Identifier(b)) Right:Other(Identifier(c) Identifier(d)) Identifier(e))",
    );
    check("async for a in b: c", "For(Left:Identifier(a) Right:Identifier(b) Identifier(c))");
    check(
        "with a() as b, c: d",
        "Statement(Call(Function:Identifier(a) Arguments:ArgumentList(())) Other(Identifier(b) Identifier(c)) Identifier(d))",
    );
    check(
        "async with (a as b, c as d,): e",
        "Statement(Tuple(Identifier(a) Identifier(b) Identifier(c) Identifier(d)) Identifier(e))",
    );
    check(
        "try: a\nexcept* (B, C) as d: e\nfinally: f",
        "Statement(Identifier(a)); Statement(ListSplat(Tuple(Identifier(B) Identifier(C))) Identifier(d) Identifier(e)); Statement(Identifier(f))",
    );
    check("return a, b", "Return(Other(Identifier(a) Identifier(b)))");
    check("raise A from b", "Statement(Identifier(A) Identifier(b))");
    check("global a\npass", "Statement(Identifier(a)); Statement(pass)");
    check(
        "print 'a', b\nprint(a)\nprint >>f, a",
        "Statement(Text('a') Identifier(b)); Call(Function:Identifier(print) Arguments:ArgumentList(Identifier(a))); Statement(Identifier(f) Identifier(a))",
    );
    check(
        "if a:\n  b\n# x\n  c\n  # y\n# z\nd",
        "Statement(Identifier(a) Identifier(b) Identifier(c)); Identifier(d)",
    );
}

#[test]
fn definitions() {
    check(
        "def f(a, b=1, c: D = e, *, g: H, **k) -> I: pass",
        "Function(Name:Identifier(f) Parameter:Identifier(a) Parameter:Parameter(Name:Identifier(b) Value:Other(1)) Parameter:Parameter(Name:Identifier(c) Type:Identifier(D) Value:Identifier(e)) Parameter:Parameter(Name:Identifier(g) Type:Identifier(H)) Type:Identifier(I) Statement(pass))",
    );
    check(
        "class A[T: B](C, d=E):\n  x: int\n  def f(self): ...\ny",
        "Class(Name:Identifier(A) Subscript:Other(Identifier(T) Identifier(B)) Arguments:ArgumentList(Identifier(C) KeywordArgument(Name:Identifier(d) Value:Identifier(E))) Assignment(Left:Identifier(x) Type:Identifier(int)) Function(Name:Identifier(f) Parameter:Identifier(self) Other(...))); Identifier(y)",
    );
    check(
        "@a.b(c)\n# x\n@d\nasync def f(): e",
        "Decorated(Decorator(Call(Function:Attribute(a.b) Arguments:ArgumentList(Identifier(c)))) Decorator(Identifier(d)) Function(Name:Identifier(f) Identifier(e)))",
    );
    check("@a\nb", "Decorator(Identifier(a)); Identifier(b)");
}

#[test]
fn imports() {
    check(
        "import a.b as c, d",
        "Import(Name:AliasedImport(Name:DottedName(a.b) Alias:Identifier(c)) Name:DottedName(d))",
    );
    check(
        "from ...a.b import (c as d,\n e,)",
        "ImportFrom(Module:DottedName(...a.b) Name:AliasedImport(Name:DottedName(c) Alias:Identifier(d)) Name:DottedName(e))",
    );
    check("from . import *", "ImportFrom(Module:DottedName(.) Name:Wildcard(*))");
    check(
        "from __future__ import annotations",
        "Statement(Module:DottedName(__future__) Name:DottedName(annotations))",
    );
}

#[test]
fn soft_keywords() {
    check(
        "match a:\n  case B(c=1) | {'x': [*_]} if d(): e\n  case _: f\nmatch = case",
        "Statement(Identifier(a) Statement(Call(Function:Identifier(d) Arguments:ArgumentList(())) Identifier(e)) Statement(Identifier(f))); Assignment(Left:Identifier(match) Right:Identifier(case))",
    );
    check(
        "match(a)\ntype(a)\ntype X = Y",
        "Call(Function:Identifier(match) Arguments:ArgumentList(Identifier(a))); Call(Function:Identifier(type) Arguments:ArgumentList(Identifier(a))); Statement(Identifier(X) Identifier(Y))",
    );
}

#[test]
fn assignments() {
    check(
        "a = b.c = d",
        "Assignment(Left:Identifier(a) Right:Assignment(Left:Attribute(b.c) Right:Identifier(d)))",
    );
    check(
        "a: B[C] = d, e",
        "Assignment(Left:Identifier(a) Type:Subscript(Value:Identifier(B) Subscript:Identifier(C)) Right:Other(Identifier(d) Identifier(e)))",
    );
    check("a += [b]", "AugmentedAssignment(Left:Identifier(a) Right:List(Identifier(b)))");
    check(
        "*a, b = yield c",
        "Assignment(Left:Other(ListSplat(Identifier(a)) Identifier(b)) Right:Other(Identifier(c)))",
    );
    check("if (a := b): c", "Statement(Parenthesized(Other(Identifier(a) Identifier(b))) Identifier(c))");
}

#[test]
fn expressions() {
    check(
        "a + b * c + d",
        "Sum(Left:Sum(Left:Identifier(a) Right:Binary(Left:Identifier(b) Right:Identifier(c))) Right:Identifier(d))",
    );
    check(
        "-a ** -b % c",
        "Binary(Left:Other(Binary(Left:Identifier(a) Right:Other(Identifier(b)))) Right:Identifier(c))",
    );
    check("a in b in c", "Membership(Identifier(a) Identifier(b) Identifier(c))");
    check(
        "a not in b and not c",
        "Other(Left:Membership(Identifier(a) Identifier(b)) Right:Other(Identifier(c)))",
    );
    check("a is not b", "Other(Identifier(a) Identifier(b))");
    check(
        "a if b else c if d else e",
        "Other(Identifier(a) Identifier(b) Identifier(c) Identifier(d) Identifier(e))",
    );
    check("lambda a, *b, c=d: e, f", "Other(Other(Identifier(d) Identifier(e)) Identifier(f))");
    check("await a.b()", "Other(Call(Function:Attribute(a.b) Arguments:ArgumentList(())))");
    check(
        "a.b.c().d.e[f:g, h]",
        "Subscript(Value:Attribute(Value:Attribute(Value:Call(Function:Attribute(a.b.c) Arguments:ArgumentList(())))) Subscript:Other(Identifier(f) Identifier(g)) Subscript:Identifier(h))",
    );
    check(
        "f(*a, b=c, **d, e for e in g if h)",
        "Call(Function:Identifier(f) Arguments:Other(ListSplat(Identifier(a)) KeywordArgument(Name:Identifier(b) Value:Identifier(c)) DictionarySplat(Identifier(d)) Identifier(e) Identifier(e) Identifier(g) Identifier(h)))",
    );
    check(
        "(), (a), (a,), [], {}, {a}, {a: b, **c}",
        "Other(Tuple(()) Parenthesized(Identifier(a)) Tuple(Identifier(a)) List([]) Dictionary({}) Set(Identifier(a)) Dictionary(Pair(Key:Identifier(a) Value:Identifier(b)) DictionarySplat(Identifier(c))))",
    );
    check(
        "{a: b for a, b in c}",
        "Other(Pair(Key:Identifier(a) Value:Identifier(b)) Other(Identifier(a) Identifier(b)) Identifier(c))",
    );
    check("1_0.5e-3j, 0xFF, .5, 1.", "Other(Other(1_0.5e-3j) Other(0xFF) Other(.5) Other(1.))");
}

#[test]
fn texts() {
    check("'a' rb\"b\\\"\" '''c\n'd'''", "Concatenated(Text('a') Text(rb\"b\\\"\") Text('''c⏎'d'''))");
    check("'a\\\nb'\nc", "Text('a\\⏎b'); Identifier(c)");
    check("f'a{{b{c}'", "Template(TemplateText(a{{b) Interpolation(Value:Identifier(c)))");
    check(
        "f'{a!r:>{b}x}{c=}'",
        "Template(Interpolation(Value:Identifier(a) Other(Interpolation(Value:Identifier(b)))) Interpolation(Value:Identifier(c)))",
    );
    check(
        "f'{a['b']}' c",
        "Template(Interpolation(Value:Subscript(Value:Identifier(a) Subscript:Text('b')))); Identifier(c)",
    );
    check("f'''{\na\n}\n'''", "Template(Interpolation(Value:Identifier(a)) TemplateText(⏎))");
    check(
        "f'{f'{a}'}\\N{DASH}'",
        "Template(Interpolation(Value:Template(Interpolation(Value:Identifier(a)))) TemplateText(\\N{DASH}))",
    );
    check("f'{a:%H:%M}'", "Template(Interpolation(Value:Identifier(a) Other(:)))");
}

#[test]
fn brackets_and_lines() {
    check(
        "f(\n  a, # x\n  b\n)\nc",
        "Call(Function:Identifier(f) Arguments:ArgumentList(Identifier(a) Identifier(b))); Identifier(c)",
    );
    check("a = \\\n  b\nc", "Assignment(Left:Identifier(a) Right:Identifier(b)); Identifier(c)");
    check("a\r\nb\rc", "Identifier(a); Identifier(b); Identifier(c)");
    check("\u{feff}a\n\x0cb", "Identifier(a); Identifier(b)");
}

#[test]
fn errors_end_with_their_line() {
    check("a = 'b\nc", "Assignment(Left:Identifier(a) Right:Text('b)); Identifier(c)");
    check(
        "f'a{b\ndef c(): d",
        "Template(TemplateText(a) Interpolation(Value:Identifier(b))); Function(Name:Identifier(c) Identifier(d))",
    );
    check(
        "f(a, [b\nclass C: d",
        "Call(Function:Identifier(f) Arguments:ArgumentList(Identifier(a) List(Identifier(b)))); Class(Name:Identifier(C) Identifier(d))",
    );
    check(
        "f(a]) b ? c\nd",
        "Call(Function:Identifier(f) Arguments:ArgumentList(Identifier(a))); Identifier(b); Identifier(c); Identifier(d)",
    );
    check(") a\nb", "Identifier(a); Identifier(b)");
    check("def\nclass :\n  a", "Function(def); Class(Identifier(a))");
    check("'''a\nb", "Text('''a⏎b)");
}

/// A text twice as long makes at most twice the tokens and nodes: nothing is read again and again.
#[test]
fn what_is_nested_or_open_is_read_once() {
    let count = |text: &str| {
        let mut nodes = 0_usize;
        parse(text).visit(|_| nodes += 1);
        nodes + tokens(text).list.len()
    };
    let pieces = [
        "(",
        "[",
        "{",
        "f(",
        "a[",
        "()",
        "(]",
        "f'{",
        "f'{a:{",
        "-",
        "not ",
        "lambda: ",
        "a if b else ",
        "a ** ",
        "a = ",
        "'''",
        "f'''",
        "@a\n",
        "if a:\n",
        "if a: ",
        "a.",
        "a(b).",
        "\\",
        "'\n",
        "((\nclass A:\n",
        "{a:",
        "*",
        "yield ",
        "await ",
        "print ",
        "match a:\n",
        "{{",
        "f'{{",
        "f\"{a!r:{b:{c:",
    ];
    for piece in pieces {
        let (once, twice) = (count(&piece.repeat(3_000)), count(&piece.repeat(6_000)));
        assert!(twice <= 2 * once + 100, "{piece:?}: {once}, {twice}");
    }
}

#[test]
fn deep_blocks_stay_apart() {
    let mut text = String::new();
    for depth in 0..2_000 {
        text.push_str(&" ".repeat(depth));
        text.push_str("if x:\n");
    }
    text.push_str("a = b\n");
    let tree = parse(&text);
    let root = tree.root().expect("a tree has a root");
    let kinds: Vec<Kind> = tree.children(root).map(|node| node.kind()).collect();
    assert_eq!(kinds, [Kind::Statement, Kind::Assignment]);
}

/// Ranges of nodes are in the text, in the order of the text, and inside those around them.
fn holds(text: &str) {
    let tree = parse(text);
    let Some(root) = tree.root() else { panic!("a tree has a root: {text:?}") };
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        let range = node.byte_range();
        assert!(text.get(range.clone()).is_some(), "{node:?} is not in {text:?}");
        let mut from = range.start;
        for child in tree.children(node) {
            assert!(from <= child.start_byte(), "{child:?} is not in order in {text:?}");
            assert!(child.end_byte() <= range.end, "{child:?} is not in {node:?} of {text:?}");
            from = child.end_byte();
            open.push(child);
        }
    }
    let tokens = tokens(text).list;
    assert_eq!(tokens.last().map(|token| token.sort), Some(Sort::End));
    for pair in tokens.windows(2) {
        assert!(pair[0].end <= pair[1].start || pair[0].sort == Sort::Newline, "{pair:?} in {text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text_is_a_tree(text in "(?s)(def |class |if |else|for |in |match |case |lambda|async |import |from |@|f'|f\"\"\"|'''|\\(|\\)|\\[|\\]|\\{|\\}|'|\"|:|=|,|;|\\\\|\n|\r|\t|  |#|\\*|\\.|!|[a-z]{1,3}|.){0,80}") {
        holds(&text);
    }

    #[test]
    fn mutated_code_is_a_tree(seeds in prop::collection::vec((any::<usize>(), any::<u8>()), 1..8)) {
        let text = "import é.b as c\n@a.b(x=f'{y!r:>{z}} {{é}}')\nasync def f(a: B = {'c': [*d]}, *e) -> G:\n    \"\"\"Text.\"\"\"\n    for x in (y for y in z if not y): # so\n        x['a'] = lambda q=1: q if q else -r ** 2\n    match x:\n        case A(b=1): return b\n\nclass C(D, e=F):\n\tg: int = h = i in j\n\twith k as l, m: pass\n";
        holds(&mutated(text, &seeds));
    }
}
