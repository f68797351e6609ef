//! Tables of tenants, as far as statements are concerned.

use crate::model::World;
use crate::options::Options;
use crate::queries::analysis::{Analysis, How, Use};
use crate::queries::graph::From;
use crate::queries::lists::literal;
use crate::report::{Link, Model, Proof, Verdict};
use crate::statics::carrier_name;
use std::collections::BTreeSet;
use trueup_catalog::{Catalog, RelationKind};
use trueup_sql::Words;

/// A table or a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryTable {
    /// Its schema; any where there is none.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// How it belongs to a tenant.
    pub model: Model,
    /// Its columns in order, where they are known.
    pub columns: Vec<String>,
    /// Columns that get the tenant by themselves where nothing is given.
    pub filled: Vec<String>,
    /// Tables that it points to.
    pub links: Vec<Link>,
}

/// The tables that statements are held against.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryModel {
    /// Tables, those of nobody included where they are known.
    pub tables: Vec<QueryTable>,
    /// Settings that hold claims.
    pub claims: Vec<String>,
}

impl QueryModel {
    /// The model of a database.
    pub fn of_catalog(catalog: &Catalog, options: &Options) -> QueryModel {
        let world = World::guess(catalog, options);
        let mut tables = Vec::new();
        for relation in catalog.relations.iter().filter(|relation| relation.kind != RelationKind::Sequence) {
            let columns: Vec<String> = relation.columns.iter().map(|column| column.name.clone()).collect();
            let named = world.tenant_columns.iter().find(|name| columns.contains(name));
            let placed = world.of(relation);
            let model = match (placed, named) {
                (Some(placed), _) => placed.model.clone(),
                (None, Some(column)) => Model::Direct { column: column.clone() },
                (None, None) => Model::Global { declared: true },
            };
            let by_setting = |column: &&trueup_catalog::Column| {
                column.default.as_deref().is_some_and(|default| {
                    default.contains("current_setting") || default.to_lowercase().contains("current_user")
                })
            };
            let links = placed.map(|placed| placed.links.iter().map(link).collect()).unwrap_or_default();
            tables.push(QueryTable {
                schema: Some(relation.schema.clone()),
                name: relation.name.clone(),
                model,
                filled: relation
                    .columns
                    .iter()
                    .filter(by_setting)
                    .map(|column| column.name.clone())
                    .collect(),
                columns,
                links,
            });
        }
        let claims = world.carriers.iter().filter_map(carrier_name).map(str::to_owned).collect();
        QueryModel { tables, claims }
    }

    /// A model without a database: tables with the columns that name their tenants.
    pub fn of_names<'n>(tables: impl IntoIterator<Item = (&'n str, &'n str)>) -> QueryModel {
        let one = |(name, column): (&str, &str)| {
            let (schema, name) =
                name.split_once('.').map_or((None, name), |(schema, name)| (Some(schema.to_owned()), name));
            let model = Model::Direct { column: column.to_owned() };
            QueryTable {
                schema,
                name: name.to_owned(),
                model,
                columns: Vec::new(),
                filled: Vec::new(),
                links: Vec::new(),
            }
        };
        QueryModel { tables: tables.into_iter().map(one).collect(), claims: Vec::new() }
    }

    /// Whether a setting holds a claim: one that is known, or, where none is, one of an application.
    pub(crate) fn is_claim(&self, name: &str) -> bool {
        match self.claims.is_empty() {
            true => name.contains('.') && !name.starts_with("pg_"),
            false => self.claims.iter().any(|claim| claim.eq_ignore_ascii_case(name)),
        }
    }

    fn table(&self, schema: Option<&str>, name: &str) -> Option<&QueryTable> {
        self.tables.iter().find(|table| {
            table.name == name
                && (schema.is_none() || table.schema.is_none() || table.schema.as_deref() == schema)
        })
    }

    fn of(&self, used: &Use) -> Option<&QueryTable> {
        self.table(used.schema.as_deref(), &used.table)
    }

    /// Whether a table has a column.
    pub(crate) fn knows(&self, used: &Use, column: &str) -> Option<bool> {
        let table = self.of(used)?;
        let scope = scope(&table.model).iter().any(|own| own == column);
        match (scope, table.columns.is_empty()) {
            (true, _) => Some(true),
            (false, true) => None,
            (false, false) => Some(table.columns.iter().any(|own| own == column)),
        }
    }

    /// The columns of a table, where they are known.
    pub(crate) fn columns(&self, used: &Use) -> Vec<String> {
        self.of(used).map(|table| table.columns.clone()).unwrap_or_default()
    }

    /// Whether a text that cannot be read names a table of tenants.
    pub(crate) fn is_named_in(&self, sql: &str) -> bool {
        Words::of(sql).any(|word| {
            let word = word.trim_matches('"');
            let named = |table: &&QueryTable| table.name.eq_ignore_ascii_case(word);
            self.tables.iter().filter(|table| table.model.is_scoped()).any(|table| named(&table))
        })
    }

    /// What is known of each use of a table of tenants.
    pub(crate) fn proofs(&self, analysis: &Analysis) -> Vec<Proof> {
        let held = self.held(analysis, false);
        // By lists, too, of which it is not known whether they name one tenant.
        let listed = self.held(analysis, true);
        let mut out = Vec::new();
        for (at, used) in analysis.uses.iter().enumerate() {
            let Some(table) = self.of(used).filter(|table| table.model.is_scoped()) else { continue };
            let told = match &used.how {
                How::Whole(why) => (Verdict::Contradicted, (*why).to_owned()),
                How::Unclear(why) => (Verdict::NotCheckable, (*why).to_owned()),
                How::Insert { columns, values } => {
                    self.inserted(table, columns, values, analysis, (&held, &listed))
                }
                How::Upsert { columns, values, key } => {
                    match self.inserted(table, columns, values, analysis, (&held, &listed)) {
                        (Verdict::Proven, why) => self.upserted(table, key.as_deref(), why),
                        other => other,
                    }
                }
                How::Rows => match held.get(at).cloned().flatten() {
                    Some(why) => (Verdict::Proven, why),
                    None => match listed.get(at).cloned().flatten() {
                        Some(why) => (Verdict::NotCheckable, in_list(&why)),
                        None => (Verdict::Contradicted, missing(&table.model)),
                    },
                },
            };
            let (verdict, why) = match told {
                (Verdict::Proven, why) => {
                    given_away(table, at, used, analysis).unwrap_or((Verdict::Proven, why))
                }
                other => other,
            };
            let name = table.schema.as_deref().map_or_else(
                || table.name.clone(),
                |schema| trueup_catalog::display_name(schema, &table.name),
            );
            out.push(Proof { table: name, alias: used.alias.clone(), verdict, why });
        }
        out
    }

    /// By what each use is held, followed along foreign keys.
    fn held(&self, analysis: &Analysis, lists: bool) -> Vec<Option<String>> {
        let mut held: Vec<Option<String>> = analysis
            .uses
            .iter()
            .enumerate()
            .map(|(at, used)| {
                let table = self.of(used)?;
                let (Model::Direct { column } | Model::Root { key: column } | Model::User { column }) =
                    &table.model
                else {
                    return None;
                };
                let node = (at, column.clone());
                let list = || analysis.graph.list(&node).filter(|_| lists);
                let holder = analysis.graph.holder(&node).or_else(list)?;
                Some(format!("{column} = {holder}"))
            })
            .collect();
        loop {
            let mut changed = false;
            for at in 0..held.len() {
                if held.get(at).is_some_and(Option::is_none)
                    && let Some(why) = self.by_link(analysis, &held, at)
                    && let Some(slot) = held.get_mut(at)
                {
                    *slot = Some(why);
                    changed = true;
                }
            }
            if !changed {
                return held;
            }
        }
    }

    /// A foreign key between this use and one that is held, in either direction.
    fn by_link(&self, analysis: &Analysis, held: &[Option<String>], at: usize) -> Option<String> {
        let used = analysis.uses.get(at)?;
        for (other_at, other) in analysis.uses.iter().enumerate() {
            let holds = held.get(other_at).is_some_and(Option::is_some);
            if other_at == at || !holds || other.how != How::Rows {
                continue;
            }
            let follows = |mine: &str, theirs: &str| {
                analysis.graph.follows(&(at, mine.to_owned()), &(other_at, theirs.to_owned()))
            };
            let up =
                self.links_to(used, other).find(|link| pairs(link).all(|(column, key)| follows(column, key)));
            let down = self
                .links_to(other, used)
                .find(|link| !link.soft && pairs(link).all(|(column, key)| follows(key, column)));
            if let Some(link) = up.or(down) {
                return Some(format!("{} leads to {}, which is held", link.columns.join(", "), other.alias));
            }
        }
        None
    }

    fn links_to<'m>(&'m self, from: &Use, to: &Use) -> impl Iterator<Item = &'m Link> {
        let target = self.of(to).map(|table| {
            table.schema.as_deref().map_or_else(
                || table.name.clone(),
                |schema| trueup_catalog::display_name(schema, &table.name),
            )
        });
        self.of(from)
            .into_iter()
            .flat_map(|table| &table.links)
            .filter(move |link| target.as_deref() == Some(link.parent.as_str()))
    }

    fn inserted(
        &self,
        table: &QueryTable,
        columns: &[String],
        values: &[Option<From>],
        analysis: &Analysis,
        (held, listed): (&[Option<String>], &[Option<String>]),
    ) -> (Verdict, String) {
        let scope = scope(&table.model);
        let named = if columns.is_empty() { table.columns.as_slice() } else { columns };
        if named.is_empty() {
            return (Verdict::NotCheckable, "the columns of the new rows are not known".to_owned());
        }
        let root = matches!(table.model, Model::Root { .. });
        let mut by = Vec::new();
        for column in &scope {
            let Some(at) = named.iter().position(|name| name == column) else {
                return match table.filled.contains(column) {
                    true => (Verdict::Proven, format!("{column} gets the claim by itself")),
                    false => (Verdict::Contradicted, format!("{column} is not given")),
                };
            };
            let from = values.get(at).cloned().flatten();
            let known = match &from {
                Some(From::Value(value)) => Some(value.clone()),
                // A root row is a new tenant, however many there are.
                Some(From::Several(values) | From::Differing(values)) if root => Some(values.clone()),
                Some(From::Several(values)) => {
                    let why = format!("{column} gets {values}: that this is one tenant does not stand there");
                    return (Verdict::NotCheckable, why);
                }
                Some(From::Differing(values)) => {
                    return (
                        Verdict::Contradicted,
                        format!("{column} gets {values}, which is not one tenant"),
                    );
                }
                Some(From::Column(node))
                    if held.get(node.0).is_none_or(Option::is_none)
                        && analysis.graph.holder(node).is_none()
                        && (analysis.graph.list(node).is_some()
                            || listed.get(node.0).is_some_and(Option::is_some)) =>
                {
                    return (Verdict::NotCheckable, in_list(&format!("what {column} gets")));
                }
                Some(From::Column(node)) => {
                    analysis.graph.holder(node).or_else(|| held.get(node.0).cloned().flatten())
                }
                None => None,
            };
            match known {
                Some(value) => by.push(format!("{column} = {value}")),
                None => return (Verdict::Contradicted, format!("nothing holds what {column} gets")),
            }
        }
        match &table.model {
            // A root row is a new tenant.
            Model::Direct { .. } | Model::Root { .. } | Model::User { .. } => (Verdict::Proven, by.join(", ")),
            _ if values.iter().any(|value| matches!(value, Some(From::Column(node)) if held.get(node.0).is_some_and(Option::is_some))) => {
                (Verdict::Proven, by.join(", "))
            }
            _ => (Verdict::Contradicted, format!("{}, and nothing says whose that row is", by.join(", "))),
        }
    }

    fn upserted(&self, table: &QueryTable, key: Option<&[String]>, why: String) -> (Verdict, String) {
        let scope = scope(&table.model);
        match key {
            Some(key) if scope.iter().all(|column| key.contains(column)) => (Verdict::Proven, why),
            Some(key) => (
                Verdict::Contradicted,
                format!("ON CONFLICT ({}) may change a row of another tenant", key.join(", ")),
            ),
            None => (Verdict::NotCheckable, "the key of ON CONFLICT is not told".to_owned()),
        }
    }
}

/// Whether a row may be another tenant's after it was changed: what its tenant column gets is held against what holds it.
fn given_away(table: &QueryTable, at: usize, used: &Use, analysis: &Analysis) -> Option<(Verdict, String)> {
    let scope = scope(&table.model);
    let mut unclear = None;
    for given in analysis.given.iter().filter(|given| given.used == at && scope.contains(&given.column)) {
        let column = &given.column;
        let mut own = analysis.graph.same_as(&From::Column((at, column.clone())));
        own.extend(new_value(table, used, column));
        let new = given.from.as_ref().map(|from| analysis.graph.same_as(from)).unwrap_or_default();
        let texts = |of: &BTreeSet<From>| -> BTreeSet<String> {
            of.iter()
                .filter_map(|from| if let From::Value(text) = from { Some(text) } else { None })
                .map(|text| literal(text).unwrap_or(text).to_owned())
                .collect()
        };
        let column_too = own.intersection(&new).any(|from| matches!(from, From::Column(_)));
        if column_too || !texts(&own).is_disjoint(&texts(&new)) {
            continue;
        }
        let known = |of: &BTreeSet<From>| {
            of.iter().any(|from| matches!(from, From::Value(text) if literal(text).is_some()))
        };
        let differs = new.iter().any(|from| matches!(from, From::Differing(_)));
        let shown = texts(&new).into_iter().next().unwrap_or_else(|| "another value".to_owned());
        if differs || known(&own) && known(&new) {
            return Some((
                Verdict::Contradicted,
                format!("{column} gets {shown}: the row goes to another tenant"),
            ));
        }
        let why = format!("{column} gets {shown}: that this is the same tenant does not stand there");
        unclear = unclear.or(Some((Verdict::NotCheckable, why)));
    }
    unclear
}

/// What a column of a new row gets.
fn new_value(table: &QueryTable, used: &Use, column: &str) -> Option<From> {
    let How::Upsert { columns, values, .. } = &used.how else { return None };
    let named = if columns.is_empty() { table.columns.as_slice() } else { columns };
    let at = named.iter().position(|name| name == column)?;
    values.get(at).cloned().flatten()
}

fn link(link: &trueup_rows::Link) -> Link {
    Link {
        columns: link.columns.clone(),
        parent: trueup_catalog::display_name(&link.parent.0, &link.parent.1),
        parent_columns: link.parent_columns.clone(),
        soft: link.constraint.is_none(),
    }
}

fn pairs(link: &Link) -> impl Iterator<Item = (&String, &String)> {
    link.columns.iter().zip(&link.parent_columns)
}

fn scope(model: &Model) -> Vec<String> {
    match model {
        Model::Direct { column } | Model::Root { key: column } | Model::User { column } => {
            vec![column.clone()]
        }
        Model::Via { columns, .. } => columns.clone(),
        Model::Global { .. } | Model::PartOf { .. } => Vec::new(),
    }
}

fn in_list(why: &str) -> String {
    format!("{why}: that the list names one tenant does not stand in the statement")
}

fn missing(model: &Model) -> String {
    match model {
        Model::Via { parent, .. } => format!("nothing leads to {parent} where that is held"),
        Model::PartOf { parent } => format!("it is a part of {parent}, read by its own name"),
        _ => scope(model)
            .first()
            .map_or_else(|| "nothing holds it".to_owned(), |column| format!("nothing holds {column}")),
    }
}
