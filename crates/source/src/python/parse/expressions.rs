//! Tokens to expressions, by the precedence of their operators.

use super::lexer::Sort;
use super::parser::{MOST_DEPTH, Parser};
use super::tree::{Children, Field, Id, Kind};

/// How close operators bind; more is closer.
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARISON: u8 = 4;
const BAR: u8 = 5;
const CARET: u8 = 6;
const AMPERSAND: u8 = 7;
const SHIFT: u8 = 8;
const PLUS: u8 = 9;
const TIMES: u8 = 10;
const SIGN: u8 = 11;
const POWER: u8 = 12;

/// What stands in brackets.
struct Items {
    children: Children,
    count: usize,
    has_comma: bool,
    /// A comprehension makes them.
    is_made: bool,
    /// One of them is no pair of a dictionary.
    has_single: bool,
}

impl Parser<'_> {
    /// Adds an expression, if there is one.
    fn add_some(&mut self, children: &mut Children, expression: Option<Id>, field: Field) {
        if let Some(expression) = expression {
            self.tree.add(children, expression, field);
        }
    }

    /// Leaves out a token inside of brackets that nothing begins with; not one that may end what is around.
    pub(super) fn skip(&mut self) -> bool {
        let ends = matches!(
            self.sort(),
            Sort::End
                | Sort::Newline
                | Sort::CloseRound
                | Sort::CloseSquare
                | Sort::CloseCurly
                | Sort::TemplateText
                | Sort::TemplateEnd
        );
        if !ends {
            self.take();
        }
        !ends
    }

    /// Expressions with commas between them; one alone is itself.
    pub(super) fn expression_list(&mut self) -> Option<Id> {
        let first = self.expression()?;
        if self.sort() != Sort::Comma {
            return Some(first);
        }
        let mut children = Children::none();
        self.tree.add(&mut children, first, Field::None);
        while self.take_if(Sort::Comma) {
            let next = self.expression();
            self.add_some(&mut children, next, Field::None);
        }
        Some(self.tree.node(Kind::Other, self.tree.start(first), self.end(), children))
    }

    /// What a loop assigns to.
    pub(super) fn targets(&mut self) -> Option<Id> {
        let first = self.operators(BAR)?;
        if self.sort() != Sort::Comma {
            return Some(first);
        }
        let mut children = Children::none();
        self.tree.add(&mut children, first, Field::None);
        while self.take_if(Sort::Comma) {
            let next = self.operators(BAR);
            self.add_some(&mut children, next, Field::None);
        }
        Some(self.tree.node(Kind::Other, self.tree.start(first), self.end(), children))
    }

    /// An expression; nothing is taken where none begins.
    pub(super) fn expression(&mut self) -> Option<Id> {
        let first = self.operators(OR)?;
        match self.sort() {
            Sort::If => Some(self.conditional(first)),
            Sort::Walrus => {
                self.take();
                let value = self.expression();
                Some(self.around(first, value))
            }
            _ => Some(first),
        }
    }

    /// A node around an expression and another one behind it.
    fn around(&mut self, first: Id, second: Option<Id>) -> Id {
        let mut children = Children::none();
        self.tree.add(&mut children, first, Field::None);
        self.add_some(&mut children, second, Field::None);
        self.tree.node(Kind::Other, self.tree.start(first), self.end(), children)
    }

    /// `a if b else c`, behind `a`. Long ones lean to the right, and are one flat node here.
    fn conditional(&mut self, first: Id) -> Id {
        let mut children = Children::none();
        self.tree.add(&mut children, first, Field::None);
        while self.take_if(Sort::If) {
            let condition = self.operators(OR);
            self.add_some(&mut children, condition, Field::None);
            if !self.take_if(Sort::Else) {
                break;
            }
            let otherwise = self.operators(OR);
            self.add_some(&mut children, otherwise, Field::None);
        }
        self.tree.node(Kind::Other, self.tree.start(first), self.end(), children)
    }

    /// Operators that bind as close as `lowest` or closer, and what stands between them.
    fn operators(&mut self, lowest: u8) -> Option<Id> {
        if self.depth >= MOST_DEPTH {
            return self.flat();
        }
        self.depth += 1;
        let mut left = self.prefixed();
        while let Some(first) = left {
            let level = self.level();
            if level < lowest {
                break;
            }
            left = Some(match level {
                COMPARISON => self.comparison(first),
                _ => self.binary(first, level),
            });
        }
        self.depth -= 1;
        left
    }

    /// How close the operator binds that stands here; zero where there is none.
    fn level(&self) -> u8 {
        match self.sort() {
            Sort::Or => OR,
            Sort::And => AND,
            Sort::Compare | Sort::In | Sort::Is => COMPARISON,
            Sort::Not if self.ahead() == Sort::In => COMPARISON,
            Sort::Bar => BAR,
            Sort::Caret => CARET,
            Sort::Ampersand => AMPERSAND,
            Sort::Shift => SHIFT,
            Sort::Plus | Sort::Minus => PLUS,
            Sort::Star | Sort::Slash | Sort::Divide | Sort::At => TIMES,
            Sort::DoubleStar => POWER,
            _ => 0,
        }
    }

    fn binary(&mut self, left: Id, level: u8) -> Id {
        let kind = match self.take().sort {
            Sort::Plus => Kind::Sum,
            Sort::And | Sort::Or => Kind::Other,
            _ => Kind::Binary,
        };
        let right = self.operators(if level == POWER { SIGN } else { level + 1 });
        let mut children = Children::none();
        self.tree.add(&mut children, left, Field::Left);
        self.add_some(&mut children, right, Field::Right);
        self.tree.node(kind, self.tree.start(left), self.end(), children)
    }

    /// `a < b < c`: all of it is one node.
    fn comparison(&mut self, left: Id) -> Id {
        let is_membership = matches!(self.sort(), Sort::In | Sort::Not);
        let mut children = Children::none();
        self.tree.add(&mut children, left, Field::None);
        while self.level() == COMPARISON {
            let (operator, next) = (self.take().sort, self.sort());
            if operator == Sort::Not || operator == Sort::Is && next == Sort::Not {
                self.take();
            }
            let operand = self.operators(BAR);
            self.add_some(&mut children, operand, Field::None);
        }
        let kind = if is_membership { Kind::Membership } else { Kind::Other };
        self.tree.node(kind, self.tree.start(left), self.end(), children)
    }

    /// An operand with what stands in front of it.
    fn prefixed(&mut self) -> Option<Id> {
        let start = self.token().start;
        let (kind, level) = match self.sort() {
            Sort::Not => (Kind::Other, NOT),
            Sort::Minus | Sort::Plus | Sort::Tilde => (Kind::Other, SIGN),
            Sort::Await => (Kind::Other, POWER + 1),
            Sort::Star => (Kind::ListSplat, BAR),
            Sort::DoubleStar => (Kind::DictionarySplat, BAR),
            Sort::Lambda => return Some(self.lambda()),
            Sort::Yield => return Some(self.yielded()),
            _ => return self.primary(),
        };
        self.take();
        let operand = self.operators(level);
        let mut children = Children::none();
        self.add_some(&mut children, operand, Field::None);
        Some(self.tree.node(kind, start, self.end(), children))
    }

    fn yielded(&mut self) -> Id {
        let start = self.take().start;
        self.take_if(Sort::From);
        let mut children = Children::none();
        let value = self.expression_list();
        self.add_some(&mut children, value, Field::None);
        self.tree.node(Kind::Other, start, self.end(), children)
    }

    fn lambda(&mut self) -> Id {
        let start = self.take().start;
        let mut children = Children::none();
        while !self.at_end() {
            match self.sort() {
                Sort::Colon => {
                    self.take();
                    let body = self.expression();
                    self.add_some(&mut children, body, Field::None);
                    break;
                }
                Sort::Assign => {
                    self.take();
                    let value = self.expression();
                    self.add_some(&mut children, value, Field::None);
                }
                Sort::OpenRound => {
                    let names = self.round();
                    self.tree.add(&mut children, names, Field::None);
                }
                _ if self.skip() => {}
                _ => break,
            }
        }
        self.tree.node(Kind::Other, start, self.end(), children)
    }

    /// An expression that is nested too deep, as one piece: to its end at a comma, a bracket or the line's end.
    fn flat(&mut self) -> Option<Id> {
        let start = self.token().start;
        let before = self.end();
        let mut nesting = 0_usize;
        loop {
            match self.sort() {
                Sort::End | Sort::Newline => break,
                Sort::OpenRound | Sort::OpenSquare | Sort::OpenCurly | Sort::TemplateStart => nesting += 1,
                Sort::CloseRound | Sort::CloseSquare | Sort::CloseCurly | Sort::TemplateEnd => {
                    if nesting == 0 {
                        break;
                    }
                    nesting -= 1;
                }
                Sort::Comma | Sort::Colon | Sort::Assign | Sort::Semicolon | Sort::TemplateText
                    if nesting == 0 =>
                {
                    break;
                }
                _ => {}
            }
            self.take();
        }
        (self.end() > before).then(|| self.tree.leaf(Kind::Other, start, self.end()))
    }

    /// A name, a literal or brackets, and what is done to them.
    fn primary(&mut self) -> Option<Id> {
        let token = self.token();
        let mut node = match token.sort {
            Sort::Name => {
                self.take();
                self.tree.leaf(Kind::Identifier, token.start, token.end)
            }
            Sort::Number | Sort::Constant | Sort::Ellipsis => {
                self.take();
                self.tree.leaf(Kind::Other, token.start, token.end)
            }
            Sort::Text | Sort::TemplateStart => self.texts(),
            Sort::OpenRound => self.round(),
            Sort::OpenSquare => self.square(),
            Sort::OpenCurly => self.curly(),
            _ => return None,
        };
        loop {
            node = match self.sort() {
                Sort::Dot => self.attribute(node),
                Sort::OpenRound => self.call(node),
                Sort::OpenSquare => self.subscript(node),
                _ => return Some(node),
            };
        }
    }

    /// A name behind a dot. Of names with dots between them one node is made for all.
    fn attribute(&mut self, object: Id) -> Id {
        self.take();
        if self.sort().is_word() {
            self.take();
        }
        if matches!(self.tree.kind(object), Kind::Identifier | Kind::Attribute)
            && !self.tree.has_children(object)
        {
            self.tree.become_kind(object, Kind::Attribute, self.end());
            return object;
        }
        let mut children = Children::none();
        self.tree.add(&mut children, object, Field::Value);
        self.tree.node(Kind::Attribute, self.tree.start(object), self.end(), children)
    }

    fn call(&mut self, function: Id) -> Id {
        let arguments = self.arguments();
        let mut children = Children::none();
        self.tree.add(&mut children, function, Field::Function);
        self.tree.add(&mut children, arguments, Field::Arguments);
        self.tree.node(Kind::Call, self.tree.start(function), self.end(), children)
    }

    /// The arguments of a call or a class, from bracket to bracket.
    pub(super) fn arguments(&mut self) -> Id {
        let start = self.take().start;
        let mut kind = Kind::ArgumentList;
        let mut children = Children::none();
        loop {
            let argument = match self.sort() {
                Sort::CloseRound => {
                    self.take();
                    break;
                }
                Sort::Comma => {
                    self.take();
                    continue;
                }
                Sort::Name if self.ahead() == Sort::Assign => Some(self.keyword_argument()),
                _ => self.expression(),
            };
            match argument {
                Some(argument) => {
                    self.tree.add(&mut children, argument, Field::None);
                    if self.comprehension(&mut children) {
                        kind = Kind::Other;
                    }
                }
                None if self.skip() => {}
                None => break,
            }
        }
        self.tree.node(kind, start, self.end(), children)
    }

    fn keyword_argument(&mut self) -> Id {
        let name = self.take();
        let mut children = Children::none();
        let name_node = self.tree.leaf(Kind::Identifier, name.start, name.end);
        self.tree.add(&mut children, name_node, Field::Name);
        self.take();
        let value = self.expression();
        self.add_some(&mut children, value, Field::Value);
        self.tree.node(Kind::KeywordArgument, name.start, self.end(), children)
    }

    /// The clauses of a comprehension, if they stand here.
    fn comprehension(&mut self, children: &mut Children) -> bool {
        let is_clause =
            |sort: Sort, ahead: Sort| sort == Sort::For || sort == Sort::Async && ahead == Sort::For;
        if !is_clause(self.sort(), self.ahead()) {
            return false;
        }
        loop {
            match self.sort() {
                sort if is_clause(sort, self.ahead()) => {
                    self.take_if(Sort::Async);
                    self.take();
                    let targets = self.targets();
                    self.add_some(children, targets, Field::None);
                    if self.take_if(Sort::In) {
                        let list = self.operators(OR);
                        self.add_some(children, list, Field::None);
                    }
                }
                Sort::If => {
                    self.take();
                    let condition = self.operators(OR);
                    self.add_some(children, condition, Field::None);
                }
                _ => return true,
            }
        }
    }

    fn subscript(&mut self, value: Id) -> Id {
        let mut children = Children::none();
        self.tree.add(&mut children, value, Field::Value);
        self.list_parts(&mut children);
        self.tree.node(Kind::Subscript, self.tree.start(value), self.end(), children)
    }

    /// What stands in square brackets behind something: keys and slices.
    pub(super) fn list_parts(&mut self, children: &mut Children) {
        self.take();
        loop {
            match self.sort() {
                Sort::CloseSquare => {
                    self.take();
                    return;
                }
                Sort::Comma => {
                    self.take();
                    continue;
                }
                _ => {}
            }
            match self.slice() {
                Some(key) => self.tree.add(children, key, Field::Subscript),
                None if self.skip() => {}
                None => return,
            }
        }
    }

    fn slice(&mut self) -> Option<Id> {
        let start = self.token().start;
        let first = self.expression();
        if self.sort() != Sort::Colon {
            return first;
        }
        let mut children = Children::none();
        self.add_some(&mut children, first, Field::None);
        while self.take_if(Sort::Colon) {
            let bound = self.expression();
            self.add_some(&mut children, bound, Field::None);
        }
        Some(self.tree.node(Kind::Other, start, self.end(), children))
    }

    /// `(…)`: an expression in brackets, a tuple or a comprehension; also the items of a `with`.
    fn round(&mut self) -> Id {
        let start = self.take().start;
        let items = self.items(Sort::CloseRound, Self::expression);
        let kind = match (items.is_made, items.has_comma || items.count != 1) {
            (true, _) => Kind::Other,
            (false, true) => Kind::Tuple,
            (false, false) => Kind::Parenthesized,
        };
        self.tree.node(kind, start, self.end(), items.children)
    }

    fn square(&mut self) -> Id {
        let start = self.take().start;
        let items = self.items(Sort::CloseSquare, Self::expression);
        let kind = if items.is_made { Kind::Other } else { Kind::List };
        self.tree.node(kind, start, self.end(), items.children)
    }

    fn curly(&mut self) -> Id {
        let start = self.take().start;
        let items = self.items(Sort::CloseCurly, Self::curly_item);
        let kind = match (items.is_made, items.has_single) {
            (true, _) => Kind::Other,
            (false, true) => Kind::Set,
            (false, false) => Kind::Dictionary,
        };
        self.tree.node(kind, start, self.end(), items.children)
    }

    /// What stands between commas, up to a closing bracket, which is taken.
    fn items(&mut self, close: Sort, item: fn(&mut Self) -> Option<Id>) -> Items {
        let mut out = Items {
            children: Children::none(),
            count: 0,
            has_comma: false,
            is_made: false,
            has_single: false,
        };
        loop {
            if self.take_if(close) {
                return out;
            }
            if self.take_if(Sort::Comma) {
                out.has_comma = true;
                continue;
            }
            match item(self) {
                Some(id) => {
                    out.count += 1;
                    out.has_single |= !matches!(self.tree.kind(id), Kind::Pair | Kind::DictionarySplat);
                    self.tree.add(&mut out.children, id, Field::None);
                    out.is_made |= self.comprehension(&mut out.children);
                }
                None if self.skip() => {}
                None => return out,
            }
        }
    }

    /// What stands in a set, or a pair of a dictionary.
    fn curly_item(&mut self) -> Option<Id> {
        let key = self.expression()?;
        if !self.take_if(Sort::Colon) {
            return Some(key);
        }
        let mut children = Children::none();
        self.tree.add(&mut children, key, Field::Key);
        let value = self.expression();
        self.add_some(&mut children, value, Field::Value);
        Some(self.tree.node(Kind::Pair, self.tree.start(key), self.end(), children))
    }

    /// Text literals, one after the other.
    fn texts(&mut self) -> Id {
        let first = self.one_text();
        if !matches!(self.sort(), Sort::Text | Sort::TemplateStart) {
            return first;
        }
        let mut children = Children::none();
        self.tree.add(&mut children, first, Field::None);
        while matches!(self.sort(), Sort::Text | Sort::TemplateStart) {
            let next = self.one_text();
            self.tree.add(&mut children, next, Field::None);
        }
        self.tree.node(Kind::Concatenated, self.tree.start(first), self.end(), children)
    }

    fn one_text(&mut self) -> Id {
        let token = self.take();
        if token.sort == Sort::Text {
            return self.tree.leaf(Kind::Text, token.start, token.end);
        }
        let mut children = Children::none();
        loop {
            match self.sort() {
                Sort::TemplateText => {
                    let piece = self.take();
                    let piece = self.tree.leaf(Kind::TemplateText, piece.start, piece.end);
                    self.tree.add(&mut children, piece, Field::None);
                }
                Sort::OpenCurly => {
                    let inner = self.interpolation();
                    self.tree.add(&mut children, inner, Field::None);
                }
                Sort::TemplateEnd => {
                    self.take();
                    break;
                }
                Sort::End | Sort::Newline => break,
                // What is left of an interpolation that is none.
                _ => {
                    self.take();
                }
            }
        }
        self.tree.node(Kind::Template, token.start, self.end(), children)
    }

    /// `{x!r:>{width}}`: an expression, and one more child where it is converted or formatted.
    fn interpolation(&mut self) -> Id {
        let start = self.take().start;
        self.depth += 1;
        let mut children = Children::none();
        let value = if self.depth > MOST_DEPTH { self.flat() } else { self.expression_list() };
        self.add_some(&mut children, value, Field::Value);
        self.take_if(Sort::Assign);
        let format_start = self.token().start;
        let mut format = Children::none();
        let has_format = self.take_if(Sort::Conversion) | self.take_if(Sort::Colon);
        while self.sort() == Sort::OpenCurly && self.depth <= MOST_DEPTH {
            let inner = self.interpolation();
            self.tree.add(&mut format, inner, Field::None);
        }
        if has_format {
            let format = self.tree.node(Kind::Other, format_start, self.end(), format);
            self.tree.add(&mut children, format, Field::None);
        }
        self.end_interpolation();
        self.depth -= 1;
        self.tree.node(Kind::Interpolation, start, self.end(), children)
    }

    /// To behind the brace at its end, or to where the template goes on without one.
    fn end_interpolation(&mut self) {
        let mut nesting = 0_usize;
        loop {
            match self.sort() {
                Sort::End | Sort::Newline => return,
                Sort::TemplateText | Sort::TemplateEnd if nesting == 0 => return,
                Sort::OpenCurly | Sort::TemplateStart => nesting += 1,
                Sort::TemplateEnd => nesting = nesting.saturating_sub(1),
                Sort::CloseCurly if nesting == 0 => {
                    self.take();
                    return;
                }
                Sort::CloseCurly => nesting -= 1,
                _ => {}
            }
            self.take();
        }
    }
}
