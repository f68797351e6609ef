//! Parts of expressions.

use super::analysis::folded_last;
use super::graph::From;
use sqlparser::ast::{Expr, Query, SelectItem, SetExpr, Visit, Visitor};
use std::ops::ControlFlow;

/// Without brackets and casts, which change no tenant.
pub(crate) fn bare(expr: &Expr) -> &Expr {
    match expr {
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } | Expr::Collate { expr: inner, .. } => {
            bare(inner)
        }
        Expr::Subquery(query) => lone(query).map_or(expr, bare),
        other => other,
    }
}

/// What `(SELECT x)` gives, which reads no table.
fn lone(query: &Query) -> Option<&Expr> {
    let SetExpr::Select(select) = &*query.body else { return None };
    match (select.projection.as_slice(), select.from.is_empty()) {
        ([SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }], true) => Some(expr),
        _ => None,
    }
}

/// Functions that give another value each time.
const VOLATILE: [&str; 14] = [
    "random",
    "random_normal",
    "gen_random_uuid",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "uuidv4",
    "uuidv7",
    "nextval",
    "setval",
    "clock_timestamp",
    "timeofday",
    "gen_random_bytes",
    "statement_timestamp",
];

/// Functions that give several rows.
const SETS: [&str; 14] = [
    "unnest",
    "generate_series",
    "generate_subscripts",
    "json_array_elements",
    "json_array_elements_text",
    "jsonb_array_elements",
    "jsonb_array_elements_text",
    "json_object_keys",
    "jsonb_object_keys",
    "jsonb_path_query",
    "regexp_matches",
    "regexp_split_to_table",
    "string_to_table",
    "json_populate_recordset",
];

/// What an expression is where it names no column and asks no query.
pub(crate) fn value(expr: &Expr) -> Option<From> {
    #[derive(Default)]
    struct Parts {
        rows: bool,
        volatile: bool,
        set: bool,
    }
    impl Visitor for Parts {
        type Break = ();
        fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
            match expr {
                // Keywords that stand for a value look like names to the parser.
                Expr::Identifier(ident) => {
                    let name = ident.value.to_lowercase();
                    let keyword = matches!(name.as_str(), "current_user" | "session_user" | "current_role");
                    self.rows |= ident.quote_style.is_some() || !keyword;
                }
                Expr::CompoundIdentifier(_) | Expr::Wildcard(_) | Expr::QualifiedWildcard(..) => {
                    self.rows = true;
                }
                Expr::Function(function) => {
                    let name = folded_last(&function.name).unwrap_or_default();
                    self.volatile |= VOLATILE.contains(&name.as_str());
                    self.set |= SETS.contains(&name.as_str());
                }
                _ => {}
            }
            ControlFlow::Continue(())
        }
        fn pre_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
            self.rows = true;
            ControlFlow::Continue(())
        }
    }
    let mut parts = Parts::default();
    let _ = expr.visit(&mut parts);
    let null = matches!(expr, Expr::Value(value) if matches!(value.value, sqlparser::ast::Value::Null));
    if parts.rows || null {
        return None;
    }
    let text = expr.to_string();
    Some(match (parts.volatile, parts.set) {
        (true, _) => From::Differing(text),
        (_, true) => From::Several(text),
        _ => From::Value(text),
    })
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
