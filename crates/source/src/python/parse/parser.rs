//! Tokens to statements. Blocks are kept on a stack of the parser's own, so that they can be nested as deep as
//! they like.

use super::lexer::{Sort, Token, tokens};
use super::tree::{Builder, Children, Field, Id, Kind, Tree};

/// Expressions nested deeper than this are not taken apart: what stands in them is one piece. Each level needs
/// some room on the stack.
pub(super) const MOST_DEPTH: usize = 100;

/// The column of a block on the line of its statement (`if x: y()`): any next line ends it.
const SAME_LINE: u32 = u32::MAX;

/// A block that is open.
struct Block {
    /// How far its lines stand to the right.
    column: u32,
    /// The statement it belongs to, with what it holds so far.
    node: Id,
    children: Children,
    /// The node around a definition with decorators; it ends with it.
    decorated: Option<Id>,
    /// Whether it is that of a `match`, where `case` is a keyword.
    is_match: bool,
}

/// Reads one file.
pub(super) struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    /// The columns of the lines that have not begun yet, the next one last.
    columns: Vec<u32>,
    at: usize,
    pub(super) tree: Builder,
    blocks: Vec<Block>,
    /// Decorators whose definition has not come yet.
    decorators: Vec<Id>,
    /// The end of the last token that was taken, or of a comment behind it.
    end: u32,
    /// How many expressions are open.
    pub(super) depth: usize,
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str) -> Parser<'t> {
        let mut tokens = tokens(text);
        tokens.columns.reverse();
        Parser {
            text,
            tree: Builder::new(tokens.list.len()),
            tokens: tokens.list,
            columns: tokens.columns,
            at: 0,
            blocks: Vec::new(),
            decorators: Vec::new(),
            end: 0,
            depth: 0,
        }
    }

    pub(super) fn run(mut self) -> Tree {
        let module = self.tree.leaf(Kind::Module, 0, self.text.len() as u32);
        self.open_block(module, Children::none(), 0, None);
        loop {
            match self.sort() {
                Sort::End => break,
                Sort::Comment => self.comments(),
                _ => self.line(),
            }
        }
        self.add_decorators();
        while !self.blocks.is_empty() {
            self.close_block();
        }
        self.tree.finish(module)
    }

    /// The token where the parser stands.
    pub(super) fn token(&self) -> Token {
        self.tokens.get(self.at).copied().unwrap_or(Token { sort: Sort::End, start: self.end, end: self.end })
    }

    pub(super) fn sort(&self) -> Sort {
        self.tokens.get(self.at).map_or(Sort::End, |token| token.sort)
    }

    /// The kind of the token behind it.
    pub(super) fn ahead(&self) -> Sort {
        self.tokens.get(self.at + 1).map_or(Sort::End, |token| token.sort)
    }

    /// Where the last token that was taken ends.
    pub(super) fn end(&self) -> u32 {
        self.end
    }

    /// Takes a token.
    pub(super) fn take(&mut self) -> Token {
        let token = self.token();
        self.at += 1;
        self.end = token.end.max(self.end);
        token
    }

    /// Takes a token if it is of a kind.
    pub(super) fn take_if(&mut self, sort: Sort) -> bool {
        let is_it = self.sort() == sort;
        if is_it {
            self.take();
        }
        is_it
    }

    fn word(&self) -> &'t str {
        let token = self.token();
        self.text.get(token.start as usize..token.end as usize).unwrap_or("")
    }

    /// Whether a statement ends here.
    pub(super) fn at_end(&self) -> bool {
        matches!(self.sort(), Sort::Newline | Sort::Semicolon | Sort::End)
    }

    fn open_block(&mut self, node: Id, children: Children, column: u32, decorated: Option<Id>) {
        self.blocks.push(Block { column, node, children, decorated, is_match: false });
    }

    /// Closes the innermost block. It ends where the last token did.
    fn close_block(&mut self) {
        let Some(block) = self.blocks.pop() else { return };
        self.tree.close(block.node, block.children, self.end);
        if let Some(decorated) = block.decorated {
            self.tree.end_at(decorated, self.end);
        }
    }

    /// Closes the blocks that a line or a comment in some column does not belong to; the file stays open.
    fn close_blocks(&mut self, column: u32) {
        while self.blocks.len() > 1 && self.blocks.last().is_some_and(|block| block.column > column) {
            self.close_block();
        }
    }

    /// Adds a statement to the innermost block.
    fn add(&mut self, statement: Id) {
        if let Some(block) = self.blocks.last_mut() {
            self.tree.add(&mut block.children, statement, Field::Body);
        }
    }

    /// Comments with lines of their own. A block ends before the first that stands left of it, but only if
    /// the next line of code does, too.
    fn comments(&mut self) {
        let count = self.comments_ahead();
        let next = self.columns.iter().rev().nth(count).copied().unwrap_or(0);
        for _ in 0..count {
            let column = self.columns.pop().unwrap_or(0);
            if self.decorators.is_empty() {
                self.close_blocks(column.max(next));
            }
            self.take();
        }
    }

    fn comments_ahead(&self) -> usize {
        let rest = self.tokens.get(self.at..).unwrap_or(&[]).iter();
        rest.take_while(|token| token.sort == Sort::Comment).count()
    }

    /// A line of code.
    fn line(&mut self) {
        let column = self.columns.pop().unwrap_or(0);
        if self.blocks.last().is_some_and(|block| block.column > column) {
            self.add_decorators();
            self.close_blocks(column);
        }
        loop {
            match self.sort() {
                Sort::End => return,
                Sort::Newline => {
                    self.take();
                    return;
                }
                Sort::Semicolon => {
                    self.take();
                }
                _ => {
                    let before = self.at;
                    if self.statement() {
                        return;
                    }
                    // A token that begins nothing is left out.
                    if self.at == before {
                        self.take();
                    }
                }
            }
        }
    }

    /// Decorators that no definition follows are statements.
    fn add_decorators(&mut self) {
        if !self.decorators.is_empty() {
            for decorator in std::mem::take(&mut self.decorators) {
                self.add(decorator);
            }
        }
    }

    /// A statement. Tells whether it has begun a block, and with that ended the line.
    fn statement(&mut self) -> bool {
        let start = self.token().start;
        let is_decorated = matches!(self.sort(), Sort::At | Sort::Def | Sort::Class)
            || self.sort() == Sort::Async && self.ahead() == Sort::Def;
        if !is_decorated {
            self.add_decorators();
        }
        match self.sort() {
            Sort::Def => return self.function(start),
            Sort::Class => return self.class(start),
            Sort::For => return self.for_loop(start),
            Sort::If | Sort::Elif | Sort::While | Sort::With | Sort::Except => return self.compound(start),
            Sort::Else | Sort::Try | Sort::Finally if self.ahead() == Sort::Colon => {
                return self.compound(start);
            }
            Sort::Async if self.ahead() == Sort::Def => {
                self.take();
                return self.function(start);
            }
            Sort::Async if self.ahead() == Sort::For => {
                self.take();
                return self.for_loop(start);
            }
            Sort::Async if self.ahead() == Sort::With => {
                self.take();
                return self.compound(start);
            }
            Sort::At => self.decorator(start),
            Sort::Return => self.return_statement(start),
            Sort::Import => self.import(start),
            Sort::From => self.import_from(start),
            Sort::Assert
            | Sort::Break
            | Sort::Continue
            | Sort::Del
            | Sort::Global
            | Sort::Nonlocal
            | Sort::Pass
            | Sort::Raise => self.other_statement(start),
            Sort::Name => return self.soft_keyword(start),
            _ => self.expression_statement(),
        }
        false
    }

    /// Words that are keywords at some places only, and what was a statement in Python 2.
    fn soft_keyword(&mut self, start: u32) -> bool {
        match self.word() {
            "match" if self.begins_match() => {
                let is_block = self.compound(start);
                if let Some(block) = self.blocks.last_mut() {
                    block.is_match = true;
                }
                return is_block;
            }
            "case" if self.blocks.last().is_some_and(|block| block.is_match) => return self.case(start),
            "type" if self.ahead() == Sort::Name => self.other_statement(start),
            "print" | "exec" if self.begins_print() => self.other_statement(start),
            _ => self.expression_statement(),
        }
        false
    }

    /// Whether a `match` is followed by a subject, and its line ends with a colon.
    fn begins_match(&self) -> bool {
        use Sort::{
            Await, Constant, Lambda, Minus, Not, Number, OpenCurly, OpenRound, OpenSquare, Star, Tilde,
        };
        let subject =
            matches!(self.ahead(), Sort::Name | Sort::Text | Sort::TemplateStart | Constant | Number)
                || matches!(self.ahead(), OpenRound | OpenSquare | OpenCurly | Minus | Tilde | Not | Star)
                || matches!(self.ahead(), Lambda | Await);
        let rest = self.tokens.get(self.at..).unwrap_or(&[]);
        let end = rest.iter().position(|token| matches!(token.sort, Sort::Newline | Sort::End));
        let last = end.and_then(|end| rest.get(end.checked_sub(1)?));
        subject && last.is_some_and(|token| token.sort == Sort::Colon)
    }

    fn begins_print(&self) -> bool {
        matches!(
            self.ahead(),
            Sort::Name | Sort::Text | Sort::TemplateStart | Sort::Number | Sort::Constant | Sort::Shift
        ) || matches!(self.ahead(), Sort::Lambda)
    }

    /// The block of a statement, behind what stands before its colon. True where it has ended the line.
    fn suite(&mut self, node: Id, children: Children, decorated: Option<Id>) -> bool {
        if !self.take_if(Sort::Colon) {
            self.open_block(node, children, SAME_LINE, decorated);
            return false;
        }
        if self.sort() != Sort::Newline {
            self.open_block(node, children, SAME_LINE, decorated);
            return false;
        }
        self.take();
        let around = self.blocks.last().map_or(0, |block| block.column);
        let comments = self.comments_ahead();
        let next = self.columns.iter().rev().nth(comments).copied();
        match next.filter(|column| *column > around) {
            Some(column) => {
                for _ in 0..comments {
                    self.columns.pop();
                    self.take();
                }
                self.open_block(node, children, column, decorated);
            }
            // Nothing stands in it.
            None => {
                self.open_block(node, children, SAME_LINE, decorated);
            }
        }
        true
    }

    /// Takes what stands before the colon of a statement, as expressions one after the other.
    fn header(&mut self, children: &mut Children) {
        while !self.at_end() && self.sort() != Sort::Colon {
            match self.expression_list() {
                Some(expression) => self.tree.add(children, expression, Field::None),
                None => {
                    self.take();
                }
            }
        }
    }

    /// A statement with a block that nobody asks for by name.
    fn compound(&mut self, start: u32) -> bool {
        self.take();
        let mut children = Children::none();
        self.header(&mut children);
        let node = self.tree.leaf(Kind::Statement, start, self.end);
        self.add(node);
        self.suite(node, children, None)
    }

    /// The pattern of a case is no expression: what looks like a call in it calls nothing.
    fn case(&mut self, start: u32) -> bool {
        let mut nesting = 0_usize;
        while !self.at_end() {
            match self.sort() {
                Sort::OpenRound | Sort::OpenSquare | Sort::OpenCurly => nesting += 1,
                Sort::CloseRound | Sort::CloseSquare | Sort::CloseCurly => {
                    nesting = nesting.saturating_sub(1)
                }
                Sort::If | Sort::Colon if nesting == 0 => break,
                _ => {}
            }
            self.take();
        }
        let mut children = Children::none();
        self.header(&mut children);
        let node = self.tree.leaf(Kind::Statement, start, self.end);
        self.add(node);
        self.suite(node, children, None)
    }

    fn for_loop(&mut self, start: u32) -> bool {
        self.take();
        let mut children = Children::none();
        if let Some(left) = self.targets() {
            self.tree.add(&mut children, left, Field::Left);
        }
        if self.take_if(Sort::In)
            && let Some(right) = self.expression_list()
        {
            self.tree.add(&mut children, right, Field::Right);
        }
        self.header(&mut children);
        let node = self.tree.leaf(Kind::For, start, self.end);
        self.add(node);
        self.suite(node, children, None)
    }

    /// Adds a definition, with the decorators before it around both.
    fn add_definition(&mut self, definition: Id) -> Option<Id> {
        if self.decorators.is_empty() {
            self.add(definition);
            return None;
        }
        let mut children = Children::none();
        let start = self.decorators.first().map_or(0, |first| self.tree.start(*first));
        for decorator in std::mem::take(&mut self.decorators) {
            self.tree.add(&mut children, decorator, Field::None);
        }
        self.tree.add(&mut children, definition, Field::None);
        let decorated = self.tree.node(Kind::Decorated, start, self.end, children);
        self.add(decorated);
        Some(decorated)
    }

    /// The name of a definition and the brackets of its type parameters.
    fn definition_name(&mut self, children: &mut Children) {
        self.take();
        if self.sort().is_word() {
            let name = self.take();
            let name = self.tree.leaf(Kind::Identifier, name.start, name.end);
            self.tree.add(children, name, Field::Name);
        }
        if self.sort() == Sort::OpenSquare {
            self.list_parts(children);
        }
    }

    fn function(&mut self, start: u32) -> bool {
        let mut children = Children::none();
        self.definition_name(&mut children);
        if self.sort() == Sort::OpenRound {
            self.parameters(&mut children);
        }
        if self.take_if(Sort::Arrow)
            && let Some(kind) = self.expression()
        {
            self.tree.add(&mut children, kind, Field::Type);
        }
        self.header(&mut children);
        let node = self.tree.leaf(Kind::Function, start, self.end);
        let decorated = self.add_definition(node);
        self.suite(node, children, decorated)
    }

    fn class(&mut self, start: u32) -> bool {
        let mut children = Children::none();
        self.definition_name(&mut children);
        if self.sort() == Sort::OpenRound {
            let bases = self.arguments();
            self.tree.add(&mut children, bases, Field::Arguments);
        }
        self.header(&mut children);
        let node = self.tree.leaf(Kind::Class, start, self.end);
        let decorated = self.add_definition(node);
        self.suite(node, children, decorated)
    }

    fn decorator(&mut self, start: u32) {
        self.take();
        let mut children = Children::none();
        if let Some(expression) = self.expression() {
            self.tree.add(&mut children, expression, Field::None);
        }
        let decorator = self.tree.node(Kind::Decorator, start, self.end, children);
        self.decorators.push(decorator);
    }

    /// The parameters of a function, from bracket to bracket.
    fn parameters(&mut self, children: &mut Children) {
        self.take();
        loop {
            match self.sort() {
                Sort::CloseRound => {
                    self.take();
                    return;
                }
                Sort::Comma | Sort::Slash => {
                    self.take();
                }
                Sort::Name => {
                    let parameter = self.parameter();
                    self.tree.add(children, parameter, Field::Parameter);
                }
                Sort::Star | Sort::DoubleStar => {
                    self.take();
                    self.take_if(Sort::Name);
                    if self.take_if(Sort::Colon)
                        && let Some(kind) = self.expression()
                    {
                        self.tree.add(children, kind, Field::None);
                    }
                }
                _ => match self.expression() {
                    Some(odd) => self.tree.add(children, odd, Field::None),
                    None if self.skip() => {}
                    None => return,
                },
            }
        }
    }

    /// A parameter by its name, with its type and its value.
    fn parameter(&mut self) -> Id {
        let name = self.take();
        let name_node = self.tree.leaf(Kind::Identifier, name.start, name.end);
        if !matches!(self.sort(), Sort::Colon | Sort::Assign) {
            return name_node;
        }
        let mut children = Children::none();
        self.tree.add(&mut children, name_node, Field::Name);
        if self.take_if(Sort::Colon)
            && let Some(kind) = self.expression()
        {
            self.tree.add(&mut children, kind, Field::Type);
        }
        if self.take_if(Sort::Assign)
            && let Some(value) = self.expression()
        {
            self.tree.add(&mut children, value, Field::Value);
        }
        self.tree.node(Kind::Parameter, name.start, self.end, children)
    }

    fn return_statement(&mut self, start: u32) {
        self.take();
        let mut children = Children::none();
        if let Some(value) = self.expression_list() {
            self.tree.add(&mut children, value, Field::None);
        }
        let node = self.tree.node(Kind::Return, start, self.end, children);
        self.add(node);
    }

    /// A statement that is its keyword and expressions with whatever between them.
    fn other_statement(&mut self, start: u32) {
        self.take();
        let mut children = Children::none();
        while !self.at_end() {
            match self.expression() {
                Some(expression) => self.tree.add(&mut children, expression, Field::None),
                None => {
                    self.take();
                }
            }
        }
        let node = self.tree.node(Kind::Statement, start, self.end, children);
        self.add(node);
    }

    fn expression_statement(&mut self) {
        let Some(left) = self.expression_list() else { return };
        let statement = match self.sort() {
            Sort::Assign | Sort::Colon => self.assignment(left),
            Sort::Augmented => {
                self.take();
                self.sides(Kind::AugmentedAssignment, left)
            }
            _ => left,
        };
        self.add(statement);
    }

    /// An assignment, behind what it assigns to.
    fn assignment(&mut self, left: Id) -> Id {
        let start = self.tree.start(left);
        let mut children = Children::none();
        self.tree.add(&mut children, left, Field::Left);
        if self.take_if(Sort::Colon)
            && let Some(kind) = self.expression()
        {
            self.tree.add(&mut children, kind, Field::Type);
        }
        if self.take_if(Sort::Assign)
            && let Some(right) = self.right_side()
        {
            self.tree.add(&mut children, right, Field::Right);
        }
        self.tree.node(Kind::Assignment, start, self.end, children)
    }

    /// A value, which may be an assignment again (`a = b = c`).
    fn right_side(&mut self) -> Option<Id> {
        let right = self.expression_list()?;
        if self.sort() != Sort::Assign || self.depth >= MOST_DEPTH {
            return Some(right);
        }
        self.depth += 1;
        let assignment = self.assignment(right);
        self.depth -= 1;
        Some(assignment)
    }

    fn sides(&mut self, kind: Kind, left: Id) -> Id {
        let start = self.tree.start(left);
        let mut children = Children::none();
        self.tree.add(&mut children, left, Field::Left);
        if let Some(right) = self.right_side() {
            self.tree.add(&mut children, right, Field::Right);
        }
        self.tree.node(kind, start, self.end, children)
    }

    /// A name with dots, also of keywords.
    fn dotted_name(&mut self) -> Option<Id> {
        let start = self.token().start;
        let mut end = None;
        while matches!(self.sort(), Sort::Dot | Sort::Ellipsis) || self.sort().is_word() {
            // `from . import x`, `import a as b`.
            if matches!(self.sort(), Sort::Import | Sort::As) {
                break;
            }
            let token = self.take();
            end = Some(token.end);
            if token.sort.is_word() && self.sort() != Sort::Dot {
                break;
            }
        }
        Some(self.tree.leaf(Kind::DottedName, start, end?))
    }

    fn import(&mut self, start: u32) {
        self.take();
        let mut children = Children::none();
        self.imported(&mut children);
        let node = self.tree.node(Kind::Import, start, self.end, children);
        self.add(node);
    }

    fn import_from(&mut self, start: u32) {
        self.take();
        let is_future = self.word() == "__future__";
        let mut children = Children::none();
        if let Some(module) = self.dotted_name() {
            self.tree.add(&mut children, module, Field::Module);
        }
        if self.take_if(Sort::Import) {
            self.imported(&mut children);
        }
        let kind = if is_future { Kind::Statement } else { Kind::ImportFrom };
        let node = self.tree.node(kind, start, self.end, children);
        self.add(node);
    }

    /// The names of an import.
    fn imported(&mut self, children: &mut Children) {
        while !self.at_end() {
            if self.sort() == Sort::Star {
                let star = self.take();
                let star = self.tree.leaf(Kind::Wildcard, star.start, star.end);
                self.tree.add(children, star, Field::Name);
                continue;
            }
            let Some(mut name) = self.dotted_name() else {
                self.take();
                continue;
            };
            if self.sort() == Sort::As && self.ahead().is_word() {
                name = self.alias(name);
            }
            self.tree.add(children, name, Field::Name);
        }
    }

    /// `as x`, behind a name.
    fn alias(&mut self, name: Id) -> Id {
        let start = self.tree.start(name);
        self.take();
        let alias = self.take();
        let mut children = Children::none();
        self.tree.add(&mut children, name, Field::Name);
        let alias = self.tree.leaf(Kind::Identifier, alias.start, alias.end);
        self.tree.add(&mut children, alias, Field::Alias);
        self.tree.node(Kind::AliasedImport, start, self.end, children)
    }
}
