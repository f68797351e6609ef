//! What a database holds at a moment: its catalog, and its rows as numbers.

use crate::halt::Halt;
use crate::session::Session;
use std::collections::{BTreeMap, BTreeSet};
use trueup_catalog::{Catalog, Change, Difference, RelationKind, TableColumns, differences, quote_ident};
use trueup_postgres::SimpleQueryRow;

/// A column: schema, table, name.
pub(crate) type ColumnName = (String, String, String);

/// Rows and a digest of them, by schema and table.
pub(crate) type Data = BTreeMap<(String, String), (i64, String)>;

/// Where sequences stand, and their steps, by schema and name.
pub(crate) type Positions = BTreeMap<(String, String), (f64, f64)>;

/// A database at a moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub catalog: Catalog,
    pub data: Data,
    pub sequences: Positions,
}

/// Something that differs between two states, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Changed {
    pub kind: String,
    pub name: String,
    /// Empty where it is there or not as a whole.
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

impl std::fmt::Display for Changed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (kind, name) = (&self.kind, &self.name);
        match (&self.before, &self.after, self.field.as_str()) {
            (Some(_), None, "") => write!(f, "{kind} {name} is gone"),
            (None, Some(_), "") => write!(f, "{kind} {name} is new"),
            (before, after, field) => {
                let text = |side: &Option<String>| side.clone().unwrap_or_default();
                let (was, is) = around_the_difference(&text(before), &text(after));
                let shown = |side: &str| if side.is_empty() { "nothing".to_owned() } else { side.to_owned() };
                write!(f, "{kind} {name}: {field} was {}, is {}", shown(&was), shown(&is))
            }
        }
    }
}

/// Two texts, each on one line and cut to what stands around the place where they begin to differ.
fn around_the_difference(before: &str, after: &str) -> (String, String) {
    /// Characters that are shown in front of the difference, and in all.
    const FRONT: usize = 24;
    const ALL: usize = 80;
    let line =
        |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").chars().collect::<Vec<char>>();
    let (before, after) = (line(before), line(after));
    let same = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
    let from = if before.len().max(after.len()) > ALL { same.saturating_sub(FRONT) } else { 0 };
    let cut = |text: &[char]| {
        let front = if from > 0 { "…" } else { "" };
        let behind = if text.len() > from + ALL { "…" } else { "" };
        let shown: String = text.iter().skip(from).take(ALL).collect();
        format!("{front}{shown}{behind}")
    };
    (cut(&before), cut(&after))
}

/// A text on one line, cut where it is long.
pub(crate) fn short(text: &str) -> String {
    let line: Vec<&str> = text.split_whitespace().collect();
    let line = line.join(" ");
    match line.char_indices().nth(120) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line,
    }
}

impl State {
    /// Reads it; columns whose values are other ones in each run are left out of the digests.
    pub(crate) fn read(session: &mut Session, volatile: &BTreeSet<ColumnName>) -> Result<State, Halt> {
        let catalog = session.catalog()?;
        State::of(session, catalog, volatile)
    }

    /// Reads it after a run that began with `base`, when the transaction had written so much to the catalog: where no more
    /// was written, that one's catalog is taken.
    pub(crate) fn read_after(
        session: &mut Session,
        base: &State,
        written: Option<i64>,
        volatile: &BTreeSet<ColumnName>,
    ) -> Result<State, Halt> {
        match written.is_some() && session.catalog_writes()? == written {
            true => State::of(session, base.catalog.clone(), volatile),
            false => State::read(session, volatile),
        }
    }

    /// The same where numbers were drawn from sequences since.
    pub(crate) fn drawn(&self, session: &mut Session) -> Result<State, Halt> {
        let sequences = positions(session, &self.catalog)?;
        Ok(State { sequences, ..self.clone() })
    }

    /// The same where the catalog is known.
    pub(crate) fn of(
        session: &mut Session,
        catalog: Catalog,
        volatile: &BTreeSet<ColumnName>,
    ) -> Result<State, Halt> {
        let data = rows(session, &catalog, volatile)?;
        let sequences = positions(session, &catalog)?;
        Ok(State { catalog, data, sequences })
    }
}

/// What differs, what was only made anew left out.
pub(crate) fn changes(before: &State, after: &State) -> Vec<Changed> {
    let mut all: Vec<Changed> =
        differences(&before.catalog, &after.catalog, &[]).into_iter().flat_map(changed).collect();
    for (table, (was, digest)) in &before.data {
        let Some((is, now)) = after.data.get(table) else { continue };
        if was == is && (digest == now || reshaped(before, after, table)) {
            continue;
        }
        let count = |rows: &i64| Some(if *rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") });
        let (was, is) = match was == is {
            true => (Some("other values".to_owned()), count(is)),
            false => (count(was), count(is)),
        };
        let name = trueup_catalog::display_name(&table.0, &table.1);
        all.push(Changed {
            kind: "table".to_owned(),
            name,
            field: "rows".to_owned(),
            before: was,
            after: is,
        });
    }
    all.extend(set_back(before, after));
    all
}

/// Whether a table has other columns: what its rows hold cannot be compared then, and the columns are a change of their own.
fn reshaped(before: &State, after: &State, table: &(String, String)) -> bool {
    let columns = |state: &State| {
        let table = state.catalog.relation(&table.0, &table.1);
        let names = table.map(|table| table.columns.iter().map(|column| column.name.clone()));
        names.map(Iterator::collect::<BTreeSet<String>>)
    };
    columns(before) != columns(after)
}

/// Sequences that stand in front of where they stood. Each trial may draw numbers, so only the way back is a change: the next
/// number is one that is taken.
fn set_back<'a>(before: &'a State, after: &'a State) -> impl Iterator<Item = Changed> + 'a {
    before.sequences.iter().filter_map(|(name, was)| {
        let is = after.sequences.get(name)?;
        let back = if was.1 < 0.0 { is.0 > was.0 } else { is.0 < was.0 };
        back.then(|| Changed {
            kind: "sequence".to_owned(),
            name: trueup_catalog::display_name(&name.0, &name.1),
            field: "last value".to_owned(),
            before: Some(was.0.to_string()),
            after: Some(is.0.to_string()),
        })
    })
}

/// What is the same and yet was made anew.
pub(crate) fn recreated(before: &Catalog, after: &Catalog) -> Vec<(String, String)> {
    let all = differences(before, after, &[]).into_iter();
    let anew = all.filter(|difference| difference.change == Change::Recreated);
    // The number of a column says only that another one stood there once.
    anew.filter(|one| one.object.kind != "column").map(|one| named(&one)).collect()
}

fn named(difference: &Difference) -> (String, String) {
    let object = &difference.object;
    let name = match &object.table {
        Some(table) if object.kind == "column" => format!("{table}.{}", object.name),
        Some(table) => format!("{} on {table}", object.name),
        None => object.name.clone(),
    };
    (object.kind.clone(), name)
}

pub(crate) fn changed(difference: Difference) -> Vec<Changed> {
    let (kind, name) = named(&difference);
    let whole = |before: bool| Changed {
        kind: kind.clone(),
        name: name.clone(),
        field: String::new(),
        before: before.then(|| "there".to_owned()),
        after: (!before).then(|| "there".to_owned()),
    };
    match &difference.change {
        Change::Added => vec![whole(false)],
        Change::Removed => vec![whole(true)],
        Change::Recreated => Vec::new(),
        Change::Changed(fields) => {
            let one = |field: &trueup_catalog::FieldChange| Changed {
                field: field.field.to_owned(),
                before: Some(field.before.clone()),
                after: Some(field.after.clone()),
                ..whole(true)
            };
            fields.iter().map(one).collect()
        }
    }
}

/// Tables that hold rows of their own. A materialized view holds what others hold, or nothing that could be asked for.
fn tables(catalog: &Catalog) -> Vec<&trueup_catalog::Relation> {
    catalog.relations.iter().filter(|relation| relation.kind == RelationKind::Table).collect()
}

/// How many tables are asked about at once; the planner takes its time over hundreds.
const AT_ONCE: usize = 100;

fn rows(session: &mut Session, catalog: &Catalog, volatile: &BTreeSet<ColumnName>) -> Result<Data, Halt> {
    let mut out = BTreeMap::new();
    for some in tables(catalog).chunks(AT_ONCE) {
        let question = |(at, relation): (usize, &&trueup_catalog::Relation)| {
            let stable = relation.columns.iter().filter(|column| {
                !volatile.contains(&(relation.schema.clone(), relation.name.clone(), column.name.clone()))
            });
            let names: Vec<String> =
                stable.map(|column| format!("t.{}", quote_ident(&column.name))).collect();
            format!(
                "SELECT {at}, count(*), coalesce(sum({}), 0)::text FROM ONLY {} AS t",
                hash(&format!("ROW({})", names.join(", "))),
                relation.sql_name()
            )
        };
        let questions: Vec<String> = some.iter().enumerate().map(question).collect();
        for row in session.plain(&questions.join(" UNION ALL "))? {
            if let (Some(relation), Some(count), Some(digest)) =
                (asked(&row, some), parsed(&row, 1), row.get(2))
            {
                out.insert((relation.schema.clone(), relation.name.clone()), (count, digest.to_owned()));
            }
        }
    }
    Ok(out)
}

/// Where sequences stand, and their steps.
fn positions(session: &mut Session, catalog: &Catalog) -> Result<Positions, Halt> {
    let mut out = Positions::new();
    if !catalog.relations.iter().any(|relation| relation.kind == RelationKind::Sequence) {
        return Ok(out);
    }
    // The view `pg_sequences` does not tell where one that was not asked yet begins.
    let question = "SELECT n.nspname::text, c.relname::text, s.seqincrement::float8 \
                    FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid \
                    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname !~ '^pg_' \
                    AND CASE WHEN c.relkind = 'S' THEN pg_catalog.has_sequence_privilege(c.oid, 'SELECT') END";
    let mut names: Vec<((String, String), f64)> = Vec::new();
    for row in session.reader.ask(&mut session.client, question)? {
        names.push(((row.try_get(0)?, row.try_get(1)?), row.try_get(2)?));
    }
    for some in names.chunks(AT_ONCE) {
        let question = |(at, ((schema, name), step)): (usize, &((String, String), f64))| {
            let name = trueup_catalog::qualified(schema, name);
            let last = "last_value::pg_catalog.float8";
            format!("SELECT {at}, CASE WHEN is_called THEN {last} ELSE {last} - ({step}) END FROM {name}")
        };
        let questions: Vec<String> = some.iter().enumerate().map(question).collect();
        for row in session.plain(&questions.join(" UNION ALL "))? {
            if let (Some((name, step)), Some(stands)) = (asked(&row, some), parsed(&row, 1)) {
                out.insert(name.clone(), (stands, *step));
            }
        }
    }
    Ok(out)
}

/// A digest of each column, to find out which hold other values in each run: times, random numbers, sequences.
pub(crate) fn columns(
    session: &mut Session,
    tables: &[TableColumns],
) -> Result<BTreeMap<ColumnName, String>, Halt> {
    let mut out = BTreeMap::new();
    for some in tables.chunks(AT_ONCE) {
        let question = |(at, table): (usize, &TableColumns)| {
            let names = table.columns.iter().map(|name| quote_ident(name));
            let sums: Vec<String> =
                names.map(|name| format!("coalesce(sum({}), 0)::text", hash(&format!("t.{name}")))).collect();
            let sql_name = trueup_catalog::qualified(&table.schema, &table.name);
            // Numbers: a list of them is written without quotes.
            format!("SELECT {at}, ARRAY[{}]::text[] FROM ONLY {sql_name} AS t", sums.join(", "))
        };
        let questions: Vec<String> = some.iter().enumerate().map(question).collect();
        for row in session.plain(&questions.join(" UNION ALL "))? {
            let (Some(table), Some(sums)) = (asked(&row, some), row.get(1)) else { continue };
            for (column, sum) in table.columns.iter().zip(sums.trim_matches(['{', '}']).split(',')) {
                let name = (table.schema.clone(), table.name.clone(), column.clone());
                out.insert(name, sum.to_owned());
            }
        }
    }
    Ok(out)
}

/// What a row is about: its first column says which of those that were asked for.
fn asked<'a, T>(row: &SimpleQueryRow, some: &'a [T]) -> Option<&'a T> {
    some.get(parsed::<usize>(row, 0)?)
}

fn parsed<T: std::str::FromStr>(row: &SimpleQueryRow, at: usize) -> Option<T> {
    row.get(at)?.parse().ok()
}

/// A number for a value. Written out in full: a migration may have changed the search path, and a function of that name
/// in it.
fn hash(value: &str) -> String {
    format!("pg_catalog.hashtextextended({value}::text, 0)::numeric")
}

/// What sequences stand at; rolling back does not set them back.
pub(crate) fn sequences(session: &mut Session) -> Result<Vec<String>, Halt> {
    let catalog = "SELECT n.nspname::text, c.relname::text FROM pg_catalog.pg_class c \
                   JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
                   WHERE c.relkind = 'S' AND c.relpersistence <> 't'";
    let mut names = Vec::new();
    for row in session.reader.ask(&mut session.client, catalog)? {
        let (schema, name): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        names.push(trueup_catalog::qualified(&schema, &name));
    }
    let mut back = Vec::new();
    for some in names.chunks(AT_ONCE) {
        let question =
            |(at, name): (usize, &String)| format!("SELECT {at}, last_value, is_called::text FROM {name}");
        let questions: Vec<String> = some.iter().enumerate().map(question).collect();
        for row in session.plain(&questions.join(" UNION ALL "))? {
            let (Some(name), Some(last), Some(called)) = (asked(&row, some), row.get(1), row.get(2)) else {
                continue;
            };
            let literal = trueup_catalog::quote_literal(name);
            back.push(format!("SELECT pg_catalog.setval({literal}::pg_catalog.regclass, {last}, {called})"));
        }
    }
    Ok(back)
}
