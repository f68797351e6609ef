//! Python text to a tree. What nobody asks for is left out (numbers are only a range, blocks have no node of
//! their own), and nothing stops it: a line that cannot be understood gives what can be told of it, and the
//! next line goes on.

mod expressions;
mod lexer;
mod parser;
#[cfg(test)]
mod tests;
mod tree;

pub(super) use tree::{Field, Kind, Node, Tree};

/// Reads a text.
pub(super) fn parse(text: &str) -> Tree {
    parser::Parser::new(text).run()
}
