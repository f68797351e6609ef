use super::super::tree::{Field, Kind, Node, all};
use super::parse;
use proptest::prelude::*;

/// A node as text: calls as `receiver.method(arguments){statements}`, what has parts with its parts.
fn shown(node: Node<'_>) -> String {
    let list = |field: Field| node.all(field).map(shown).collect::<Vec<_>>();
    let part = |field: Field| node.child(field).map(shown).unwrap_or_default();
    let statements = || list(Field::Statement).join("; ");
    match node.kind() {
        Kind::Call => {
            let receiver =
                node.child(Field::Receiver).map(|of| format!("{}.", shown(of))).unwrap_or_default();
            let block = node.child(Field::Block).map(shown).unwrap_or_default();
            format!("{receiver}{}({}){block}", part(Field::Method), list(Field::Argument).join(", "))
        }
        Kind::Index => format!("{}[{}]", part(Field::Receiver), list(Field::Argument).join(", ")),
        Kind::Block => {
            let parameters = part(Field::Parameters);
            format!("{{{parameters}{}{}}}", if parameters.is_empty() { "" } else { " " }, statements())
        }
        Kind::Parameters => format!("|{}|", list(Field::Argument).join(", ")),
        Kind::Pair => format!("{}=>{}", part(Field::Key), part(Field::Value)),
        Kind::Array => format!("[{}]", list(Field::Argument).join(", ")),
        Kind::Hash => format!("{{{}}}", list(Field::Argument).join(", ")),
        Kind::Words => format!("%[{}]", node.children().map(shown).collect::<Vec<_>>().join(" ")),
        Kind::Text | Kind::TextSymbol => format!("\"{}\"", node.children().map(shown).collect::<String>()),
        Kind::Interpolation => format!("#{{{}}}", statements()),
        Kind::Class => {
            format!("class {}<{}>: {} end", part(Field::Name), part(Field::Superclass), statements())
        }
        Kind::Method => format!("def {}: {} end", part(Field::Name), statements()),
        Kind::Condition => format!("if {} end", statements()),
        Kind::ConditionBehind => format!("{} IF", part(Field::Body)),
        Kind::Begin => format!("begin {} end", statements()),
        Kind::Parentheses => format!("({})", statements()),
        Kind::Assignment => format!("{}={}", part(Field::Left), part(Field::Right)),
        Kind::Other | Kind::Jump if node.first_child().is_some() => {
            format!("<{}>", node.children().map(shown).collect::<Vec<_>>().join(" "))
        }
        _ => node.text().to_owned(),
    }
}

fn check(text: &str, expected: &str) {
    let tree = parse(text);
    let found: Vec<String> = tree.root(text).children().map(shown).collect();
    assert_eq!(found.join("; "), expected, "{text}");
}

#[test]
fn calls() {
    check("a", "a");
    check("a()", "a()");
    check("a 1, b: 2", "a(1, b=>2)");
    check("a.b.c(1).d", "a.b().c(1).d()");
    check("a&.b = c 1", "a.b()=c(1)");
    check("a(b c, d)", "a(b(c, d))");
    check("a [1]; a[1]; @a [1]; a (1)", "a([1]); a[1]; @a[1]; a((1))");
    check("A::B.c; A::b; A::B(1); ::A", "A::B.c(); A.b(); A.B(1); ::A");
    check("a.(1)", "a.(1)");
    check("a.class.if.end", "a.class().if().end()");
    check("a 1,\n  2", "a(1, 2)");
    check("a\n  # c\n  .b\n  &.c 1\nd", "a.b().c(1); d");
    check("return a 1, 2", "<a(1, 2)>");
    check("private def a(b = c(1)); d 1; end", "private(def a: d(1) end)");
    check("super a: 1", "super(a=>1)");
    check("a \"x\": 1, 'y' => 2, :z => 3, **b, &c", "a(\"x\"=>1, \"y\"=>2, :z=>3, <b>, &c)");
}

#[test]
fn blocks() {
    check("a do |b, c = 1|\n d\nend", "a(){|b, c=1| d}");
    check("a b { c }", "a(b(){c})");
    check("a b do c end", "a(b){c}");
    check("a b.c, d(1) do e end.f", "a(b.c(), d(1)){e}.f()");
    check("x = a b do c end", "x=a(b){c}");
    check("a = b c do |x| d end\ne", "a=b(c){|x| d}; e");
    check("a -> (x) do b end", "a(<|x| b>)");
    check("a ->(x) { b }, 1", "a(<|x| b>, 1)");
    check("a { || b }", "a(){b}");
    check("while a b do\n c do d end\nend\ne", "<a(b) c(){d}>; e");
    check("for a in 1..2 do\n b\nend\nc", "<a <1 2> b>; c");
    check("a({ b: 1 }) { c }", "a({b=>1}){c}");
    check("a {}", "a(){}");
    check("return {}", "<{}>");
}

#[test]
fn conditions() {
    check("a 1 if b", "a(1) IF");
    check("a = 1 unless b and c", "a=1 IF");
    check("x = if a then b else c 1 end", "x=if a; b; c(1) end");
    check("if a\n b\nelsif c\n d\nend\ne", "if a; b; c; d end; e");
    check("begin\n a\nrescue B => e\n c\nensure\n d\nend while x", "<begin a end x>");
    check("case a\nwhen 1, 2 then b\nin { c: }\n d\nend\ne", "<a <1 2> b {c=>} d>; e");
    check("return if a\nb", "return IF; b");
    check("a if b if c", "a IF IF");
    check("a ? b : c", "<a b c>");
    check("a ? \"b\": \"c\"", "<a \"b\" \"c\">");
}

#[test]
fn classes_and_methods() {
    check("class A::B < C[1]; a 1; end", "class A::B<C[1]>: a(1) end");
    check("class << self; def a; end; end", "<<self> def a:  end>");
    check("module A\nend", "class A<>:  end");
    check("def self.a=(b) c end", "def a=: c end");
    check("def a b, c = 1\n d\nrescue\n e\nend", "def a: d end");
    check("def a = b(1)\nc", "def a: b(1) end; c");
    check("def ==(o) o end\ndef []=(a, b); end\ndef end; end", "def ==: o end; def []=:  end; def end:  end");
    check("alias if unless\nalias a= b=\nc", "alias; alias; c");
}

#[test]
fn texts() {
    check("'a' 'b'", "<\"a\" \"b\">");
    check("\"a#{b \"c#{d}\"}e\"", "\"a#{b(\"c#{d}\")}e\"");
    check("\"\\\"#\\#{\" + 'it\\'s'", "<\"\\\"#\\#{\" \"it\\'s\">");
    check("%w[a b(c) d\\ e]; %i(a (b))", "%[a b(c) d\\ e]; %[a (b)]");
    check("%W[a#{b}c d]", "%[a #{b} c d]");
    check("%q(a (b) c); %(d); %{e}", "\"a (b) c\"; \"d\"; \"e\"");
    check("a %w[b]; a % b; a %b", "a(%[b]); <a b>; <a b>");
    check(":a; :\"b c\"; :d=; a ? :b : :c; {a: :b}", ":a; \"b c\"; :d=; <a :b :c>; {a=>:b}");
    check("[?a, ?\\n, ?é]", "[?a, ?\\n, ?é]");
    check("a / b / c; a /b c/; x = /d'#{e}/i", "<a b c>; a(<b c>); x=<d' #{e}>");
    check("a <<~X, <<'Y', 1\n b#{c}\nX\n #{d}\nY\ne", "a(<<~X, <<'Y', 1); e");
    check("a(<<~X)\n b\nX\n  .c\nd", "a(<<~X).c(); d");
    check("a <<-X do\n b\n X\n c\nend", "a(<<-X){c}");
    check("a << B; a <<b", "<a B>; <a b>");
    check("a # b\n=begin\nc\n=end\nd\n__END__\ne", "a; d");
    check("`a`; a.` 1", "<a>; a.`(1)");
}

/// The calls in texts are found, too.
#[test]
fn calls_in_texts() {
    let text = "x <<~A + \"#{a.b 1}\"\n  #{c 2 do d(3) end}\nA\ne 4";
    let tree = parse(text);
    let calls = all(tree.root(text)).filter(|node| node.is(Kind::Call)).map(Node::text);
    let expected = ["x <<~A + \"#{a.b 1}\"", "a.b 1", "c 2 do d(3) end", "d(3)", "e 4"];
    assert_eq!(calls.collect::<Vec<_>>(), expected);
}

/// A text that is cut off or closes what it never opened still gives the rest.
#[test]
fn odd_texts() {
    check("a(b do\n c\nend", "a(b(){c})");
    check("a } ) ] end\nb 1", "a; b(1)");
    check("def a\n b [1\nend\nc 1", "def a: b([1]) end; c(1)");
    check("\"a#{b(\"", "\"a#{b(\"\")}\"");
    check("<<~A\n b", "<<~A");
    check("a ? b", "<a b>");
}

/// Twice the text gives twice the nodes, however deep it is.
#[test]
fn deep_texts() {
    for piece in [
        "(",
        "[",
        "{",
        "a(",
        "a do\n",
        "if a\n",
        "\"#{",
        "a b ",
        "a.b{",
        "x = ",
        "-> ",
        "<<A\n#{",
        "%w(",
        "a ? ",
        "/",
        "a /",
        "def a ",
        "class A < ",
        ")",
        "end ",
        "}",
        "a 1 if ",
        "x = y do end ",
        "\n\n <<-A",
        "?",
        ":",
        "|",
        "a { |",
    ] {
        let count = |times: usize| {
            let text = piece.repeat(times);
            all(parse(&text).root(&text)).count()
        };
        let (once, twice) = (count(20_000), count(40_000));
        assert!(twice <= 2 * once + 8, "{piece:?}: {once} and {twice} nodes");
    }
}

proptest! {
    #[test]
    fn any_text(text in "(?s)(do |end|\\(|\\)|\\[|\\]|\\{|\\}|'|\"|#\\{|=>|<<~A|\nA\n|%w|%|:|/|\\?|=|\\.|,|\\||->|def |class |if |case |a |a|B|é|1|\n| |\\\\|.){0,60}") {
        let tree = parse(&text);
        for node in all(tree.root(&text)) {
            prop_assert!(text.get(node.range()).is_some(), "{:?} in {text:?}", node.range());
        }
    }

    #[test]
    fn nodes_stand_in_order(text in "(do |end|\\(|\\)|\\[|\\]|'|\"|#\\{|\\}|=>|a |a: |\\.a|B|, |1|\n|if |x = |\\{ \\|a\\| ){0,60}") {
        let mut last = 0;
        for node in all(parse(&text).root(&text)) {
            prop_assert!(node.range().start >= last, "{text:?}");
            last = node.range().start;
        }
    }
}
