//! Parts of expressions.

use sqlparser::ast::{Expr, Query, Visit, Visitor};
use std::ops::ControlFlow;

/// Without brackets and casts, which change no tenant.
pub(crate) fn bare(expr: &Expr) -> &Expr {
    match expr {
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } | Expr::Collate { expr: inner, .. } => {
            bare(inner)
        }
        other => other,
    }
}

/// Whether an expression is one value for the whole statement: it names no column and asks no query.
pub(crate) fn is_value(expr: &Expr) -> bool {
    #[derive(Default)]
    struct Columns(bool);
    impl Visitor for Columns {
        type Break = ();
        fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
            let column = matches!(
                expr,
                Expr::Identifier(_)
                    | Expr::CompoundIdentifier(_)
                    | Expr::Wildcard(_)
                    | Expr::QualifiedWildcard(..)
            );
            // Keywords that stand for a value look like names to the parser.
            let keyword = matches!(expr, Expr::Identifier(ident) if ident.quote_style.is_none() && matches!(ident.value.to_lowercase().as_str(), "current_user" | "session_user" | "current_role"));
            self.0 |= column && !keyword;
            ControlFlow::Continue(())
        }
        fn pre_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
            self.0 = true;
            ControlFlow::Continue(())
        }
    }
    let mut columns = Columns::default();
    let _ = expr.visit(&mut columns);
    let null = matches!(expr, Expr::Value(value) if matches!(value.value, sqlparser::ast::Value::Null));
    !columns.0 && !null
}

/// The outermost queries inside of something.
#[derive(Default)]
pub(crate) struct Nested {
    pub queries: Vec<Query>,
    depth: u32,
}

impl Visitor for Nested {
    type Break = ();
    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        if self.depth == 0 {
            self.queries.push(query.clone());
        }
        self.depth += 1;
        ControlFlow::Continue(())
    }
    fn post_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.depth = self.depth.saturating_sub(1);
        ControlFlow::Continue(())
    }
}
