//! A tolerant parser of Ruby.
//!
//! It tells apart what the readers ask about: calls with their receivers, arguments and blocks, literals,
//! classes, methods and statements. Operators are not sorted by their precedence; an expression with any
//! is one node of several parts. Everything that is open stands on a list of frames, so that no depth of
//! the text runs out of anything, and every token is looked at once.

use super::lexer::{Quoted, Sort, Token, tokens};
use super::marks::Word;
use super::tree::{Field, Kind, NONE, Tree};

/// How many things that were never closed a closing token looks over for its own.
const MOST_UNCLOSED: usize = 32;

/// Parses a text.
pub(crate) fn parse(text: &str) -> Tree {
    let tokens = tokens(text);
    let mut tree = Tree::with_capacity(tokens.len());
    let root = tree.add(Kind::Other, 0, text.len() as u32);
    let mut parser = Parser { text, tokens, at: 0, tree, frames: Vec::new() };
    parser.push(Frame::new(Sits::Statements(Closer::File), root, Field::Statement));
    while let Some(token) = parser.peek(0) {
        parser.at += 1;
        parser.token(token);
    }
    while !parser.frames.is_empty() {
        parser.pop();
    }
    parser.tree
}

/// What closes a frame.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Closer {
    File,
    End,
    Parenthesis,
    Bracket,
    Brace,
    Pipe,
    /// The end of code in a text.
    Outside,
}

/// What stands in a frame.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sits {
    Statements(Closer),
    /// Arguments, entries or parameters with commas between.
    Items(Closer),
    /// The pieces of a text.
    Pieces,
    /// Arguments without brackets.
    Command,
    /// Parameters without brackets, those of a lambda apart.
    Line,
    /// The parameters of a lambda, up to its body.
    Lambda,
    /// One expression.
    Rest,
    /// The expression of a condition behind a statement.
    Condition,
}

impl Sits {
    /// Whether it ends by itself where something around it goes on.
    fn is_soft(self) -> bool {
        !matches!(self, Sits::Statements(_) | Sits::Items(_) | Sits::Pieces)
    }
}

/// What may follow the last operand of an expression.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// There is none.
    Empty,
    /// Arguments or a block.
    Named,
    /// A block.
    Called,
    /// Neither.
    Done,
}

/// Something that is open.
#[derive(Clone, Copy)]
struct Frame {
    sits: Sits,
    /// Where what is read goes, and as what.
    node: u32,
    field: Field,
    /// The node that ends with the frame.
    owner: u32,
    /// The expression that is being read: its parts so far, if there are several, and its last operand.
    whole: u32,
    operand: u32,
    state: State,
    /// The pair whose value is being read.
    pair: u32,
    /// How many frames from here down to the next hard one hold arguments without brackets.
    commands: u32,
    /// The place of the hard frame at or below it.
    hard: usize,
    /// Whether a `do` belongs to a loop.
    is_loop: bool,
    /// Whether `in` parts it (`case`, `for`).
    takes_in: bool,
    /// Whether a method was begun and nothing stands in it.
    is_fresh: bool,
}

impl Frame {
    fn new(sits: Sits, node: u32, field: Field) -> Frame {
        Frame {
            sits,
            node,
            field,
            owner: node,
            whole: NONE,
            operand: NONE,
            state: State::Empty,
            pair: NONE,
            commands: 0,
            hard: 0,
            is_loop: false,
            takes_in: false,
            is_fresh: false,
        }
    }
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    /// The token behind the one that is looked at.
    at: usize,
    tree: Tree,
    frames: Vec<Frame>,
}

impl Parser<'_> {
    fn peek(&self, ahead: usize) -> Option<Token> {
        self.tokens.get(self.at + ahead).copied()
    }

    fn next_is(&self, sort: Sort) -> bool {
        self.peek(0).is_some_and(|token| token.sort == sort)
    }

    fn text_of(&self, token: Token) -> &str {
        self.text.get(token.range()).unwrap_or("")
    }

    fn next_is_mark(&self, mark: &str) -> bool {
        self.peek(0).is_some_and(|token| token.sort == Sort::Operator && self.text_of(token) == mark)
    }

    /// The frame on top; the one of the file is there as long as tokens are.
    fn top(&self) -> Frame {
        self.frames.last().copied().unwrap_or(Frame::new(Sits::Statements(Closer::File), 0, Field::Statement))
    }

    fn change(&mut self, change: impl FnOnce(&mut Frame)) {
        if let Some(frame) = self.frames.last_mut() {
            change(frame);
        }
    }

    fn hard(&self) -> Frame {
        self.frames.get(self.top().hard).copied().unwrap_or(self.top())
    }

    fn push(&mut self, mut frame: Frame) {
        if frame.sits.is_soft() {
            let below = self.top();
            frame.hard = below.hard;
            frame.commands = below.commands + u32::from(frame.sits == Sits::Command);
        } else {
            frame.hard = self.frames.len();
        }
        self.frames.push(frame);
    }

    /// Ends the frame on top.
    fn pop(&mut self) {
        self.flush();
        self.frames.pop();
    }

    /// Ends the soft frames on top.
    fn pop_soft(&mut self) {
        while self.top().sits.is_soft() {
            self.pop();
        }
    }

    /// The expression that was read, if any; another may begin.
    fn finish(&mut self) -> Option<u32> {
        let Frame { whole, operand, pair, .. } = self.top();
        self.change(|frame| {
            (frame.whole, frame.operand, frame.pair, frame.state) = (NONE, NONE, NONE, State::Empty);
        });
        let mut out = if whole == NONE { operand } else { whole };
        if whole != NONE && operand != NONE {
            self.tree.put(whole, operand, Field::None);
        }
        if pair != NONE {
            if out != NONE {
                self.tree.put(pair, out, Field::Value);
            }
            out = pair;
        }
        (out != NONE).then_some(out)
    }

    /// Puts the expression that was read where it belongs.
    fn flush(&mut self) {
        let Frame { node, field, .. } = self.top();
        if let Some(expression) = self.finish() {
            self.tree.put(node, expression, field);
            self.change(|frame| frame.is_fresh = false);
        }
    }

    fn leaf(&mut self, kind: Kind, token: Token) -> u32 {
        self.tree.add(kind, token.start, token.end)
    }

    /// Makes a node the operand of the expression on top.
    fn set(&mut self, node: u32, state: State) {
        self.change(|frame| (frame.operand, frame.state) = (node, state));
    }

    /// A node around the operand on top, in whose place it stands.
    fn wrap(&mut self, kind: Kind, field: Field, state: State) -> u32 {
        let operand = self.top().operand;
        let node = self.tree.add(kind, self.tree.start(operand), self.tree.end(operand));
        self.tree.put(node, operand, field);
        self.set(node, state);
        node
    }

    fn token(&mut self, token: Token) {
        match token.sort {
            Sort::Newline => self.newline(),
            Sort::Gap => {}
            Sort::Name => self.value(Kind::Identifier, token, State::Named),
            Sort::Constant => self.value(Kind::Constant, token, State::Named),
            Sort::Variable | Sort::Number | Sort::Here => self.value(Kind::Other, token, State::Done),
            Sort::Symbol => self.value(Kind::Symbol, token, State::Done),
            Sort::Label => self.label(token),
            Sort::KeyColon => self.key(token),
            Sort::FatArrow => self.key(token),
            Sort::Word(word) => self.word(word, token),
            Sort::Open(quoted) => self.open(quoted, token),
            Sort::Piece => self.piece(token),
            Sort::Inside => self.inside(token),
            Sort::Outside => self.outside(token),
            Sort::Close => self.close_pieces(token),
            Sort::BodyOpen => self.body(token),
            Sort::BodyClose => self.close_pieces(token),
            Sort::Dot => self.dot(token),
            Sort::Colons => self.colons(token),
            Sort::TopColons => self.top_colons(token),
            Sort::Comma => self.comma(token),
            Sort::LeftParenthesis => self.parenthesis(token),
            Sort::LeftBracket => self.bracket(token),
            Sort::LeftBrace => self.brace(token),
            Sort::RightParenthesis => self.close(Closer::Parenthesis, token),
            Sort::RightBracket => self.close(Closer::Bracket, token),
            Sort::RightBrace => self.close(Closer::Brace, token),
            Sort::Arrow => self.lambda(token),
            Sort::Assign => self.assign(token),
            Sort::Pipe if self.hard().sits == Sits::Items(Closer::Pipe) => self.close(Closer::Pipe, token),
            Sort::Prefix => {
                self.before_value(token);
                self.operator(token);
            }
            Sort::And => self.block_argument(token),
            Sort::Pipe | Sort::Operator => self.operator(token),
        }
    }

    fn value(&mut self, kind: Kind, token: Token, state: State) {
        self.before_value(token);
        let node = self.leaf(kind, token);
        self.set(node, state);
    }

    /// Makes room for a value: behind a name it is an argument.
    fn before_value(&mut self, token: Token) {
        let top = self.top();
        if top.operand == NONE {
            return;
        }
        let is_argument = top.state == State::Named
            && (token.spaced || matches!(token.sort, Sort::Open(_)))
            && top.sits != Sits::Lambda;
        if !is_argument {
            return self.part(token.start);
        }
        let call = self.called();
        let sits = if self.tree.kind(call) == Kind::Call { Sits::Command } else { Sits::Rest };
        self.push(Frame::new(sits, call, Field::Argument));
    }

    /// The operand on top as a call.
    fn called(&mut self) -> u32 {
        let operand = self.top().operand;
        match self.tree.kind(operand) {
            Kind::Identifier | Kind::Constant => self.wrap(Kind::Call, Field::Method, State::Called),
            _ => {
                self.set(operand, State::Called);
                operand
            }
        }
    }

    /// Makes the operand on top one of several parts.
    fn part(&mut self, start: u32) {
        let Frame { whole, operand, .. } = self.top();
        let mut node = whole;
        if node == NONE {
            let start = if operand == NONE { start } else { self.tree.start(operand) };
            node = self.tree.add(Kind::Other, start, start);
        }
        if operand != NONE {
            self.tree.put(node, operand, Field::None);
        }
        self.change(|frame| (frame.whole, frame.operand, frame.state) = (node, NONE, State::Empty));
    }

    fn operator(&mut self, token: Token) {
        self.part(token.start);
        self.tree.extend(self.top().whole, token.end);
    }

    fn block_argument(&mut self, token: Token) {
        self.before_value(token);
        if self.top().whole == NONE {
            let node = self.leaf(Kind::BlockArgument, token);
            self.change(|frame| frame.whole = node);
        } else {
            self.operator(token);
        }
    }

    fn newline(&mut self) {
        self.pop_soft();
        match self.top().sits {
            Sits::Statements(_) => {
                self.flush();
                self.change(|frame| (frame.is_loop, frame.is_fresh) = (false, false));
            }
            // What stands on the next line is no argument of this one.
            _ if self.top().operand != NONE => self.change(|frame| frame.state = State::Done),
            _ => {}
        }
    }

    fn comma(&mut self, token: Token) {
        while matches!(self.top().sits, Sits::Rest | Sits::Condition) {
            self.pop();
        }
        match self.top().sits {
            Sits::Statements(_) => self.operator(token),
            _ => self.flush(),
        }
    }

    fn takes_pairs(&self) -> bool {
        matches!(self.top().sits, Sits::Items(_) | Sits::Command | Sits::Line)
    }

    fn label(&mut self, token: Token) {
        self.before_value(token);
        if !self.takes_pairs() || self.top().whole != NONE {
            return self.operator(token);
        }
        let key = self.leaf(Kind::Label, token);
        self.begin_pair(key);
    }

    /// The sign behind a key that is an expression.
    fn key(&mut self, token: Token) {
        if !self.takes_pairs() || self.top().pair != NONE {
            return self.operator(token);
        }
        match self.finish() {
            Some(key) => self.begin_pair(key),
            None => self.operator(token),
        }
    }

    fn begin_pair(&mut self, key: u32) {
        let pair = self.tree.add(Kind::Pair, self.tree.start(key), self.tree.end(key));
        self.tree.put(pair, key, Field::Key);
        self.change(|frame| frame.pair = pair);
    }

    fn assign(&mut self, token: Token) {
        let top = self.top();
        if top.is_fresh && top.operand == NONE && top.whole == NONE {
            // A method without `end`.
            self.frames.pop();
            return self.push(Frame::new(Sits::Rest, top.node, Field::Statement));
        }
        if top.operand == NONE {
            return self.operator(token);
        }
        let node = self.wrap(Kind::Assignment, Field::Left, State::Done);
        self.push(Frame::new(Sits::Rest, node, Field::Right));
    }

    // Texts.

    fn open(&mut self, quoted: Quoted, token: Token) {
        let kind = match quoted {
            Quoted::Text => Kind::Text,
            Quoted::Symbol => Kind::TextSymbol,
            Quoted::Words => Kind::Words,
            Quoted::Other => Kind::Other,
        };
        self.value(kind, token, State::Done);
        self.push(Frame::new(Sits::Pieces, self.top().operand, Field::None));
    }

    fn piece(&mut self, token: Token) {
        let list = self.top().node;
        let is_word = self.tree.kind(list) == Kind::Words;
        let last = self.tree.last(list);
        if is_word
            && !token.spaced
            && self.tree.kind(last) == Kind::Bare
            && self.tree.end(last) == token.start
        {
            return self.tree.extend(last, token.end);
        }
        let piece = self.leaf(if is_word { Kind::Bare } else { Kind::Piece }, token);
        self.tree.put(list, piece, Field::None);
    }

    fn inside(&mut self, token: Token) {
        let node = self.leaf(Kind::Interpolation, token);
        self.tree.put(self.top().node, node, Field::None);
        self.push(Frame::new(Sits::Statements(Closer::Outside), node, Field::Statement));
    }

    /// Whatever is open in the code of a text ends with it.
    fn outside(&mut self, token: Token) {
        while !matches!(self.top().sits, Sits::Statements(Closer::Outside | Closer::File)) {
            self.pop();
        }
        if self.top().sits == Sits::Statements(Closer::Outside) {
            self.end_frame(token);
        }
    }

    fn close_pieces(&mut self, token: Token) {
        if self.top().sits == Sits::Pieces {
            self.end_frame(token);
        }
    }

    /// A text behind its line; it belongs to what is being read, wherever that began.
    fn body(&mut self, token: Token) {
        let Frame { whole, operand, node, .. } = self.top();
        let around = [operand, whole, node].into_iter().find(|node| *node != NONE).unwrap_or(NONE);
        let body = self.leaf(Kind::Body, token);
        self.tree.hang(around, body, Field::None);
        self.push(Frame::new(Sits::Pieces, body, Field::None));
    }

    // Names with something behind.

    fn dot(&mut self, token: Token) {
        if self.top().operand == NONE {
            return self.operator(token);
        }
        let call = self.wrap(Kind::Call, Field::Receiver, State::Named);
        self.tree.extend(call, token.end);
        self.take_method(call, Kind::Identifier);
    }

    fn take_method(&mut self, call: u32, kind: Kind) {
        let Some(name) = self.peek(0) else { return };
        if matches!(name.sort, Sort::Name | Sort::Constant) {
            self.at += 1;
            let method = self.leaf(kind, name);
            self.tree.put(call, method, Field::Method);
        }
    }

    fn colons(&mut self, token: Token) {
        let is_called = self.peek(1).is_some_and(|next| next.sort == Sort::LeftParenthesis && !next.spaced);
        if self.top().operand == NONE {
            return self.operator(token);
        }
        if self.next_is(Sort::Constant) && !is_called {
            let scope = self.wrap(Kind::Scope, Field::Receiver, State::Done);
            self.take_method(scope, Kind::Constant);
            return;
        }
        let call = self.wrap(Kind::Call, Field::Receiver, State::Named);
        self.take_method(call, Kind::Identifier);
    }

    fn top_colons(&mut self, token: Token) {
        self.value(Kind::Scope, token, State::Done);
        if self.next_is(Sort::Constant) {
            self.take_method(self.top().operand, Kind::Constant);
        }
    }

    // Brackets.

    fn parenthesis(&mut self, token: Token) {
        let top = self.top();
        if top.sits == Sits::Lambda && top.operand == NONE {
            return self.parameters(top.node, token, Closer::Parenthesis);
        }
        if top.state == State::Named && !token.spaced {
            let call = self.called();
            self.tree.extend(call, token.end);
            return self.push(Frame::new(Sits::Items(Closer::Parenthesis), call, Field::Argument));
        }
        self.value(Kind::Parentheses, token, State::Done);
        self.push(Frame::new(Sits::Statements(Closer::Parenthesis), self.top().operand, Field::Statement));
    }

    fn parameters(&mut self, of: u32, token: Token, closer: Closer) {
        let node = self.leaf(Kind::Parameters, token);
        self.tree.put(of, node, Field::Parameters);
        self.push(Frame::new(Sits::Items(closer), node, Field::Argument));
    }

    fn bracket(&mut self, token: Token) {
        let top = self.top();
        let is_lookup = top.operand != NONE && (!token.spaced || top.state != State::Named);
        if is_lookup {
            self.wrap(Kind::Index, Field::Receiver, State::Done);
        } else {
            self.value(Kind::Array, token, State::Done);
        }
        self.push(Frame::new(Sits::Items(Closer::Bracket), self.top().operand, Field::Argument));
    }

    fn brace(&mut self, token: Token) {
        let top = self.top();
        if top.sits == Sits::Lambda {
            return self.lambda_body(Closer::Brace);
        }
        let is_jump = self.tree.kind(top.operand) == Kind::Jump;
        if matches!(top.state, State::Named | State::Called) && !is_jump {
            return self.block(token, Closer::Brace);
        }
        self.value(Kind::Hash, token, State::Done);
        self.push(Frame::new(Sits::Items(Closer::Brace), self.top().operand, Field::Argument));
    }

    /// A closing token: of the frame that it fits, if that is open, and of all above it.
    fn close(&mut self, closer: Closer, token: Token) {
        let mut at = self.top().hard;
        for _ in 0..MOST_UNCLOSED {
            let Some(frame) = self.frames.get(at) else { return };
            match frame.sits {
                Sits::Statements(own) | Sits::Items(own) if own == closer => {
                    while self.frames.len() > at + 1 {
                        self.pop();
                    }
                    return self.end_frame(token);
                }
                // Nothing in a text closes what stands around it.
                Sits::Pieces | Sits::Statements(Closer::Outside | Closer::File) => return,
                _ => {}
            }
            let below = at.checked_sub(1).and_then(|below| self.frames.get(below));
            let Some(below) = below.map(|below| below.hard) else { return };
            at = below;
        }
    }

    /// Ends the frame on top, whose last token this is.
    fn end_frame(&mut self, token: Token) {
        let owner = self.top().owner;
        self.pop();
        self.tree.extend(owner, token.end);
        if self.tree.kind(owner) != Kind::Body {
            self.tree.extend(self.top().operand, token.end);
        }
    }

    // Blocks.

    fn block(&mut self, token: Token, closer: Closer) {
        let call = self.called();
        let block = self.leaf(Kind::Block, token);
        self.tree.put(call, block, Field::Block);
        self.change(|frame| frame.state = State::Done);
        self.push(Frame::new(Sits::Statements(closer), block, Field::Statement));
        if let Some(next) = self.peek(0).filter(|next| next.sort == Sort::Pipe) {
            self.at += 1;
            self.parameters(block, next, Closer::Pipe);
        } else if self.next_is_mark("||") {
            self.at += 1;
        }
    }

    fn do_word(&mut self, token: Token) {
        if self.hard().is_loop {
            self.separate();
            return self.change(|frame| frame.is_loop = false);
        }
        if self.top().sits == Sits::Lambda {
            return self.lambda_body(Closer::End);
        }
        while self.top().commands > 0 {
            self.pop();
        }
        match self.top().state {
            State::Named | State::Called => self.block(token, Closer::End),
            _ => self.construct(Kind::Other, token),
        }
    }

    fn lambda(&mut self, token: Token) {
        self.value(Kind::Other, token, State::Done);
        self.push(Frame::new(Sits::Lambda, self.top().operand, Field::Parameters));
    }

    fn lambda_body(&mut self, closer: Closer) {
        let node = self.top().node;
        self.pop();
        self.push(Frame::new(Sits::Statements(closer), node, Field::Statement));
    }

    // Keywords.

    fn word(&mut self, word: Word, token: Token) {
        match word {
            Word::Alias => self.alias(token),
            Word::Jump | Word::Yield => self.value(Kind::Jump, token, State::Named),
            Word::Super => self.value(Kind::Identifier, token, State::Named),
            Word::True => self.value(Kind::True, token, State::Done),
            Word::False => self.value(Kind::False, token, State::Done),
            Word::Oneself => self.value(Kind::SelfWord, token, State::Done),
            Word::Value => self.value(Kind::Other, token, State::Done),
            Word::Begin => self.construct(Kind::Begin, token),
            Word::If | Word::Unless if self.has_value() => self.behind(Kind::ConditionBehind, token),
            Word::While | Word::Rescue if self.has_value() => self.behind(Kind::Other, token),
            Word::If | Word::Unless => self.construct(Kind::Condition, token),
            Word::While | Word::For | Word::Case => {
                self.construct(Kind::Other, token);
                self.change(|frame| {
                    (frame.is_loop, frame.takes_in) = (word != Word::Case, word != Word::While);
                });
            }
            Word::Rescue | Word::Ensure => self.rescue(token),
            Word::In if self.has_value() && !self.hard().takes_in => self.operator(token),
            Word::Then | Word::Else | Word::When | Word::In => self.separate(),
            Word::Do => self.do_word(token),
            Word::End => self.close(Closer::End, token),
            Word::Logic => self.logic(token),
            Word::Prefix => {
                self.before_value(token);
                self.operator(token);
            }
            Word::Class | Word::Module => self.class(word, token),
            Word::Def => self.method(token),
        }
    }

    /// The two names of an alias are nothing else, whatever they are called.
    fn alias(&mut self, token: Token) {
        self.value(Kind::Other, token, State::Done);
        for _ in 0..2 {
            let is_name =
                [Sort::Name, Sort::Symbol, Sort::Variable].into_iter().any(|sort| self.next_is(sort));
            self.at += usize::from(is_name);
        }
    }

    fn has_value(&self) -> bool {
        self.top().operand != NONE
    }

    /// Something with statements up to its `end`.
    fn construct(&mut self, kind: Kind, token: Token) {
        self.value(kind, token, State::Done);
        self.push(Frame::new(Sits::Statements(Closer::End), self.top().operand, Field::Statement));
    }

    /// A condition, a loop or a rescue behind a statement.
    fn behind(&mut self, kind: Kind, token: Token) {
        self.pop_soft();
        if !matches!(self.top().sits, Sits::Statements(_)) {
            return self.operator(token);
        }
        let Some(body) = self.finish() else { return };
        let node = self.tree.add(kind, self.tree.start(body), token.end);
        self.tree.put(node, body, Field::Body);
        self.set(node, State::Done);
        self.push(Frame::new(Sits::Condition, node, Field::None));
    }

    /// `and` and `or` bind less than anything but a condition behind.
    fn logic(&mut self, token: Token) {
        while self.top().sits.is_soft() && self.top().sits != Sits::Condition {
            self.pop();
        }
        self.operator(token);
    }

    /// What parts the statements of a condition or a case.
    fn separate(&mut self) {
        self.pop_soft();
        if matches!(self.top().sits, Sits::Statements(_)) {
            self.flush();
        }
    }

    /// What follows `rescue` and `ensure` is done in other cases only.
    fn rescue(&mut self, token: Token) {
        self.separate();
        let top = self.top();
        if top.sits == Sits::Statements(Closer::End) {
            let node = self.leaf(Kind::Other, token);
            self.tree.put(top.owner, node, Field::None);
            self.change(|frame| frame.node = node);
        }
    }

    fn class(&mut self, word: Word, token: Token) {
        if word == Word::Class && self.next_is_mark("<<") {
            return self.construct(Kind::Other, token);
        }
        self.construct(Kind::Class, token);
        let class = self.top().node;
        let mut name: Option<u32> = None;
        while let Some(part) = self.peek(0) {
            let is_part = matches!(
                part.sort,
                Sort::Constant | Sort::Name | Sort::Colons | Sort::TopColons | Sort::Word(Word::Oneself)
            );
            if !is_part || name.is_some() && part.spaced {
                break;
            }
            self.at += 1;
            match name {
                Some(name) => self.tree.extend(name, part.end),
                None => name = Some(self.leaf(Kind::Scope, part)),
            }
        }
        if let Some(name) = name {
            self.tree.put(class, name, Field::Name);
        }
        if word == Word::Class && self.next_is_mark("<") {
            self.at += 1;
            self.push(Frame::new(Sits::Rest, class, Field::Superclass));
        }
    }

    fn method(&mut self, token: Token) {
        self.construct(Kind::Method, token);
        let method = self.top().node;
        self.change(|frame| frame.is_fresh = true);
        let mut name = None;
        while let Some(part) = self.peek(0) {
            let is_name = matches!(part.sort, Sort::Name | Sort::Constant | Sort::Variable);
            let is_link = matches!(part.sort, Sort::Dot | Sort::Colons);
            if !is_link && (!is_name || name.is_some()) {
                break;
            }
            self.at += 1;
            name = is_name.then_some(part);
        }
        if let Some(name) = name {
            let name = self.leaf(Kind::Identifier, name);
            self.tree.put(method, name, Field::Name);
        }
        match self.peek(0) {
            Some(next) if next.sort == Sort::LeftParenthesis => {
                self.at += 1;
                self.parameters(method, next, Closer::Parenthesis);
            }
            Some(next) if !matches!(next.sort, Sort::Newline | Sort::Assign) => {
                self.push(Frame::new(Sits::Line, method, Field::Parameters));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
