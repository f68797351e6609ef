//! What the version before a file does: its own statements, tried before the file and after it.

use crate::halt::Halt;
use crate::report::{Break, OldVersion, PhaseCount};
use crate::session::Session;
use crate::state::short;
use crate::steps::File;
use trueup_catalog::{Catalog, Function, FunctionKind, Generated, Relation, RelationKind, quote_ident};
use trueup_postgres::SqlError;
use trueup_rows::{Family, Made, Maker, Pin, Sample};
use trueup_sql::{Compared, compared};

/// What the version before a file does.
#[derive(Debug, Default)]
pub(crate) struct Old {
    /// A row for each table, parents first; then a second one, where `filled` put it there.
    pub rows: Vec<String>,
    /// How many of them are first ones.
    pub tables: usize,
    /// Statements that set sequences to where they stand behind the rows.
    pub positions: Vec<String>,
    probes: Vec<Probe>,
    vacuous: Vec<(String, String)>,
}

/// A statement of the version before.
#[derive(Clone, Debug)]
struct Probe {
    object: String,
    shape: String,
    sql: String,
    /// Of an insert: the same row with all its values written out, so that others can point to it.
    row: Option<String>,
    /// Of an insert: the rows that it points to, parents first.
    needs: Vec<String>,
    /// Of a call: the name of the function.
    calls: Option<String>,
}

/// Milliseconds that a function may take that is called with nothing.
const CALL: &str = "SET LOCAL statement_timeout = 3000";

impl Old {
    /// Statements with which a trial begins on rows: them, and sequences that have given out their values.
    pub(crate) fn begun_with(&self, rows: &[String]) -> Vec<String> {
        let mut all = rows.to_vec();
        if !rows.is_empty() && !self.positions.is_empty() {
            all.push(self.positions.join("; "));
        }
        all
    }

    /// A row of a table as statements, those that it points to first; nothing where none could be made.
    pub(crate) fn rows_of(&self, table: &str) -> Vec<String> {
        let Some(probe) = self.probes.iter().find(|probe| probe.row.is_some() && probe.object == table)
        else {
            return Vec::new();
        };
        probe.needs.iter().chain(&probe.row).cloned().collect()
    }
}

/// Finds out what works before the file, in the open transaction; the rows stay in it.
pub(crate) fn learn(session: &mut Session, catalog: &Catalog, samples: &[Sample]) -> Result<Old, Halt> {
    let mut old = Old::default();
    let mut maker = Maker::new(catalog, samples.to_vec());
    let mut family = Family::default();
    family.tag = "a".to_owned();
    for table in catalog.tables() {
        if let Err(why) = maker.row(&mut session.client, &mut family, table) {
            old.vacuous.push((format!("INSERT INTO {}", table.display_name()), why.reason.clone()));
        }
        if session.client.is_closed() {
            return Err(Halt::from(gone()));
        }
    }
    for made in &family.rows {
        let Some(table) = catalog.relation(&made.table.0, &made.table.1) else { continue };
        let row = written_out(table, made);
        old.rows.push(row.clone());
        old.probes.push(Probe {
            object: table.display_name(),
            shape: shape_of_insert(table, &made.sql),
            sql: made.sql.clone(),
            row: Some(row),
            needs: ancestors(catalog, &family.rows, table),
            calls: None,
        });
    }
    old.tables = old.rows.len();
    session.reader.doubt();
    let mut probes = statements(catalog);
    while !probes.is_empty() {
        let rest = probes.split_off(probes.len().min(AT_ONCE));
        let together = all_run(session, &probes)?;
        for probe in std::mem::replace(&mut probes, rest) {
            let error = if together { None } else { attempt(session, &probe.sql)? };
            match error {
                None => old.probes.push(probe),
                Some(error) => old.vacuous.push((probe.shape, error.to_string())),
            }
        }
    }
    Ok(old)
}

/// Puts a second row into each table where that goes, with values in what may stay empty: what changes a number that is not
/// there changes nothing. For a file, rows that meet its conditions as well;
/// whether there is such a row.
pub(crate) fn fill(
    session: &mut Session,
    catalog: &Catalog,
    samples: &[Sample],
    met: Option<&File<'_>>,
    old: &mut Old,
) -> Result<bool, Halt> {
    let mut maker = Maker::new(catalog, samples.to_vec());
    maker.fill_optional();
    maker.begin_at(SECOND);
    let mut family = Family::new("b");
    for table in catalog.tables() {
        let _without = maker.row(&mut session.client, &mut family, table);
        if session.client.is_closed() {
            return Err(Halt::from(gone()));
        }
    }
    let second = family.rows.len();
    if let Some(file) = met {
        meet(session, &mut maker, &mut family, file)?;
    }
    let meets = family.rows.len() > second;
    let rows = family.rows.iter().filter(|made| !made.adopted);
    let rows =
        rows.filter_map(|made| Some(written_out(catalog.relation(&made.table.0, &made.table.1)?, made)));
    old.rows.extend(rows);
    Ok(meets)
}

/// Rows for one statement and table, at most.
const MOST_MET: usize = 8;

/// Rows that meet the conditions of a file's statements, in the tables that these name.
fn meet(
    session: &mut Session,
    maker: &mut Maker<'_>,
    family: &mut Family,
    file: &File<'_>,
) -> Result<(), Halt> {
    let mut done: Vec<Vec<Pin>> = Vec::new();
    for step in &file.steps {
        let compared = compared(step.text);
        let words: Vec<String> = body_words(step.text).map(|word| word.to_lowercase()).collect();
        for table in maker.catalog().tables().filter(|table| words.contains(&table.name.to_lowercase())) {
            for pins in combinations(&asked_of(table, &compared, &words)) {
                if pins.is_empty() || done.contains(&pins) {
                    continue;
                }
                family.pins.clone_from(&pins);
                done.push(pins);
                // What no row can have is met by none.
                let _without = maker.another(&mut session.client, family, table);
                if session.client.is_closed() {
                    return Err(Halt::from(gone()));
                }
            }
        }
    }
    family.pins.clear();
    Ok(())
}

/// The words of a statement and of what stands in its strings.
fn body_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// The values that columns of a table are asked for, each as what a row is given.
fn asked_of(table: &Relation, compared: &[Compared], words: &[String]) -> Vec<Vec<Pin>> {
    let of_column = |column: &trueup_catalog::Column| {
        let asked = compared.iter().find(|one| one.column == column.name);
        let may_be = |value: &&String| !column.not_null || value.as_str() != "NULL";
        let values: Vec<String> = match asked {
            Some(asked) => asked.values.iter().filter(may_be).cloned().collect(),
            // `WHERE active` and `NOT active`.
            None if column.type_name == "boolean" && words.contains(&column.name.to_lowercase()) => {
                vec!["true".to_owned(), "false".to_owned()]
            }
            None => return None,
        };
        let key = (table.schema.clone(), table.name.clone());
        let pin = |sql: String| Pin { table: Some(key.clone()), column: column.name.clone(), sql };
        Some(values.into_iter().map(pin).collect())
    };
    table.columns.iter().filter_map(of_column).filter(|pins: &Vec<Pin>| !pins.is_empty()).collect()
}

/// The first combinations of one value for each column.
fn combinations(columns: &[Vec<Pin>]) -> Vec<Vec<Pin>> {
    let all = columns.iter().map(Vec::len).fold(1, usize::saturating_mul).min(MOST_MET);
    let nth = |mut number: usize| {
        let pick = |values: &Vec<Pin>| {
            let pin = values.get(number % values.len().max(1)).cloned();
            number /= values.len().max(1);
            pin
        };
        columns.iter().filter_map(pick).collect()
    };
    (0..all).map(nth).collect()
}

/// The number that second rows begin with: other ones than those of first rows.
const SECOND: u64 = 20_000;

/// The rows that a row of a table points to by foreign keys, and those that they point to, parents first.
fn ancestors(catalog: &Catalog, rows: &[Made], table: &Relation) -> Vec<String> {
    let mut wanted = vec![(table.schema.clone(), table.name.clone())];
    let mut at = 0;
    while let Some((schema, name)) = wanted.get(at).cloned() {
        at += 1;
        let constraints = catalog.relation(&schema, &name).map_or(&[][..], |table| &table.constraints);
        for (schema, name, _) in constraints.iter().filter_map(|one| one.references.as_ref()) {
            let parent = (schema.clone(), name.clone());
            if !wanted.contains(&parent) {
                wanted.push(parent);
            }
        }
    }
    let own = (&table.schema, &table.name);
    let before = rows.iter().filter(|row| (&row.table.0, &row.table.1) != own && wanted.contains(&row.table));
    before.filter_map(|row| Some(written_out(catalog.relation(&row.table.0, &row.table.1)?, row))).collect()
}

/// A row with the values that it got, those that the server chose included.
fn written_out(table: &Relation, made: &Made) -> String {
    let columns = table.columns.iter().filter(|column| column.generated != Generated::Expression);
    let (names, values): (Vec<String>, Vec<String>) =
        columns.map(|column| (quote_ident(&column.name), made.literal(&column.name))).unzip();
    match names.is_empty() {
        true => made.sql.clone(),
        false => format!(
            "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})",
            table.sql_name(),
            names.join(", "),
            values.join(", ")
        ),
    }
}

fn gone() -> SqlError {
    SqlError { message: "the connection was lost".to_owned(), ..SqlError::default() }
}

fn shape_of_insert(table: &Relation, sql: &str) -> String {
    let head = sql.split(" VALUES").next().unwrap_or(sql);
    let head = head.split(" OVERRIDING").next().unwrap_or(head);
    short(&head.replace(&table.sql_name(), &table.display_name()))
}

/// Everything but inserts.
fn statements(catalog: &Catalog) -> Vec<Probe> {
    let mut all = Vec::new();
    for relation in &catalog.relations {
        all.extend(match relation.kind {
            RelationKind::Table | RelationKind::Partitioned if !relation.is_partition => {
                [select(relation), update(relation), delete(relation)].into_iter().flatten().collect()
            }
            RelationKind::View | RelationKind::MaterializedView => select(relation).into_iter().collect(),
            _ => Vec::new(),
        });
    }
    all.extend(catalog.functions.iter().filter_map(call));
    all
}

fn probe(object: String, sql: String) -> Probe {
    Probe { object, shape: short(&sql), sql, row: None, needs: Vec::new(), calls: None }
}

fn names(relation: &Relation, of: impl Fn(&trueup_catalog::Column) -> bool) -> Vec<String> {
    relation.columns.iter().filter(|column| of(column)).map(|column| quote_ident(&column.name)).collect()
}

fn select(relation: &Relation) -> Option<Probe> {
    let names = names(relation, |_| true);
    let (object, columns) = (relation.display_name(), names.join(", "));
    let sql = format!("SELECT {columns} FROM {} LIMIT 1", relation.sql_name());
    let shape = format!("SELECT {columns} FROM {object}");
    (!names.is_empty()).then(|| Probe {
        object,
        shape: short(&shape),
        sql,
        row: None,
        needs: Vec::new(),
        calls: None,
    })
}

fn update(relation: &Relation) -> Option<Probe> {
    let writable = |column: &trueup_catalog::Column| {
        !matches!(column.generated, Generated::Expression | Generated::IdentityAlways)
    };
    let names = names(relation, writable);
    let sets: Vec<String> = names.iter().map(|name| format!("{name} = {name}")).collect();
    let object = relation.display_name();
    let sql = format!("UPDATE {} SET {}", relation.sql_name(), sets.join(", "));
    let shape = short(&format!("UPDATE {object} SET {}", names.join(", ")));
    (!sets.is_empty()).then_some(Probe { object, shape, sql, row: None, needs: Vec::new(), calls: None })
}

/// No row is deleted: others may point to it. The statement is planned and permitted all the same.
fn delete(relation: &Relation) -> Option<Probe> {
    let names = names(relation, |_| true);
    let first = names.first()?;
    let object = relation.display_name();
    let sql = format!("DELETE FROM {} WHERE {first} IS NULL AND false", relation.sql_name());
    Some(Probe {
        shape: format!("DELETE FROM {object}"),
        object,
        sql,
        row: None,
        needs: Vec::new(),
        calls: None,
    })
}

fn call(function: &Function) -> Option<Probe> {
    if function.kind != FunctionKind::Function || function.is_trigger {
        return None;
    }
    let nothing: Vec<String> = function.argument_types.iter().map(|kind| format!("NULL::{kind}")).collect();
    let sql = format!("SELECT * FROM {}({})", function.sql_name(), nothing.join(", "));
    Some(Probe {
        shape: short(&format!("SELECT {}", function.display_name())),
        calls: Some(function.name.clone()),
        ..probe(function.display_name(), sql)
    })
}

/// Statements that are tried in one message.
const AT_ONCE: usize = 40;

/// Runs statements, each taken back before the next one, all in one message: each one waits for an answer, and there are
/// thousands of them. Whether all of them ran.
fn all_run(session: &mut Session, probes: &[Probe]) -> Result<bool, Halt> {
    let one = |probe: &Probe| format!("{CALL}; {}\n; ROLLBACK TO trueup_probe", probe.sql);
    let all: Vec<String> = probes.iter().map(one).collect();
    let sql = format!("SAVEPOINT trueup_probe; {}; RELEASE trueup_probe", all.join("; "));
    Ok(session.tries(&sql)?)
}

/// Runs a statement and takes it back.
fn attempt(session: &mut Session, sql: &str) -> Result<Option<SqlError>, Halt> {
    const BACK: &str = "ROLLBACK TO trueup_probe; RELEASE trueup_probe";
    session.control(&format!("SAVEPOINT trueup_probe; {CALL}"))?;
    match session.sql(&format!("{sql}\n; {BACK}")) {
        Ok(()) => Ok(None),
        Err(error) if error.is_lost() || error.is_exhausted() => Err(Halt::from(error)),
        Err(error) => {
            session.control(BACK)?;
            Ok(Some(error))
        }
    }
}

/// Puts a row in, and keeps it where that works.
fn keep(session: &mut Session, sql: &str) -> Result<bool, Halt> {
    Ok(session.tries(sql)?)
}

/// Without foreign keys and triggers, for rows whose parents could not be made.
fn alone(sql: &str) -> String {
    format!("SET LOCAL session_replication_role = replica; {sql}")
}

/// Tries the same after the file, in the open transaction. Nothing of before is in it but what the chain put there.
pub(crate) fn after(session: &mut Session, old: &Old) -> Result<OldVersion, Halt> {
    let mut found = OldVersion { tried: old.probes.len(), vacuous: old.vacuous.clone(), breaks: Vec::new() };
    let mut orphans = false;
    // Rows come first; what is tried behind them leaves nothing.
    let (rows, others) = old.probes.split_at(old.probes.iter().take_while(|one| one.row.is_some()).count());
    for probe in rows {
        tried_after(session, probe, &mut orphans, &mut found)?;
    }
    for some in others.chunks(AT_ONCE) {
        if all_run(session, some)? {
            continue;
        }
        for probe in some {
            tried_after(session, probe, &mut orphans, &mut found)?;
        }
    }
    found.tried -= found.vacuous.len() - old.vacuous.len();
    Ok(found)
}

/// Tries one statement. `orphans`: whether a row could not be kept, so that others may lack their parent.
fn tried_after(
    session: &mut Session,
    probe: &Probe,
    orphans: &mut bool,
    found: &mut OldVersion,
) -> Result<(), Halt> {
    let mut error = attempt(session, &probe.sql)?;
    if *orphans && error.as_ref().is_some_and(|error| error.sqlstate == "23503") {
        error = attempt(session, &alone(&probe.sql))?;
    }
    if let Some(row) = &probe.row {
        *orphans |= !keep(session, row)?;
    }
    let Some(error) = error else { return Ok(()) };
    match error.sqlstate.as_str() {
        // Only superusers may leave out foreign keys, so nothing is known of this row.
        "42501" if *orphans => found.vacuous.push((probe.shape.clone(), error.to_string())),
        // The file itself made a row with the key that was chosen here: that says nothing.
        "23505" if probe.row.is_some() => found.vacuous.push((probe.shape.clone(), error.to_string())),
        _ => found.breaks.push(broken(probe, &error)),
    }
    Ok(())
}

fn broken(probe: &Probe, error: &SqlError) -> Break {
    let quoted = || error.message.split('"').nth(1).map(str::to_owned);
    let column = match error.sqlstate.as_str() {
        "42703" => quoted(),
        _ => error.column.clone(),
    };
    Break {
        object: probe.object.clone(),
        shape: probe.shape.clone(),
        sqlstate: error.sqlstate.clone(),
        message: error.message.clone(),
        column,
        line: None,
        witness: witness(probe),
        expected: refuses(probe, error).then(|| {
            "it refuses what it was called with here, and callers may pass something else".to_owned()
        }),
    }
}

/// Whether a function raises an error in its own body: its arguments were made up here.
fn refuses(probe: &Probe, error: &SqlError) -> bool {
    let Some(name) = probe.calls.as_ref().filter(|_| error.sqlstate == "P0001") else { return false };
    let raised_in = error.context.as_deref().and_then(|context| context.lines().next()).unwrap_or("");
    let called = raised_in.split('(').next().unwrap_or("").rsplit([' ', '.']).next().unwrap_or("");
    raised_in.ends_with("at RAISE") && called.trim_matches('"') == name.as_str()
}

/// A script that anybody can run on a database in front of the file and behind it.
fn witness(probe: &Probe) -> String {
    match probe.row {
        None => format!("{};", probe.sql),
        Some(_) => {
            let rows: String = probe.needs.iter().map(|row| format!("{row};\n")).collect();
            format!("BEGIN;\n{rows}{};\nROLLBACK;", probe.sql)
        }
    }
}

/// Statements that may run to find the lines at which things break.
const MOST_TRIED: usize = 20_000;

/// Finds the line after which each thing breaks: the file is run statement by statement in the open transaction.
pub(crate) fn lines(
    session: &mut Session,
    file: &File<'_>,
    old: &Old,
    found: &mut OldVersion,
) -> Result<(), Halt> {
    if file.steps.len() * found.breaks.len() > MOST_TRIED {
        return Ok(());
    }
    let probe_of = |broken: &Break| old.probes.iter().find(|probe| witness(probe) == broken.witness);
    let mut own = false;
    for (at, step) in file.steps.iter().enumerate() {
        if session.simulate_step(file, at, &mut own)?.is_some() {
            return Ok(());
        }
        for broken in found.breaks.iter_mut().filter(|broken| broken.line.is_none()) {
            let Some(probe) = probe_of(broken) else { continue };
            let sql = match probe.row.is_some() {
                true => alone(&probe.sql),
                false => probe.sql.clone(),
            };
            let error = attempt(session, &sql)?;
            if error.is_some_and(|error| error.sqlstate == broken.sqlstate) {
                broken.line = Some(step.line);
            }
        }
    }
    Ok(())
}

/// Says of each break whether a contracting file is there for it. It may take away what was there, and forbid what was
/// allowed, once no running version needs it. It may not rename, and not ask at once for what it adds itself: no version
/// can have been ready for that.
pub(crate) fn excuse(found: &mut OldVersion, file: &File<'_>, phases: &PhaseCount, before: &Catalog) {
    let contracts = phases.contract > 0 && !phases.mixed();
    if !contracts {
        return;
    }
    for broken in &mut found.breaks {
        let statement =
            file.steps.iter().find(|step| Some(step.line) == broken.line).map_or("", |step| step.text);
        let words: Vec<String> = trueup_sql::Words::of(statement).map(str::to_ascii_uppercase).collect();
        let renames = words.iter().any(|word| word == "RENAME");
        let known = broken.column.as_ref().is_some_and(|column| {
            let table = before.relations.iter().find(|relation| relation.display_name() == broken.object);
            // What had a default could be left out so far.
            table.and_then(|table| table.column(column)).is_some_and(|column| column.default.is_none())
        });
        let why = match broken.sqlstate.as_str() {
            "42703" | "42P01" | "42883" if !renames => "what it takes away, no running version uses by then",
            "23502" if known => "what it asks for, every running version writes by then",
            "23514" | "23503" | "23P01" => "what it forbids, no running version writes by then",
            code if code.starts_with("22") => "what it forbids, no running version writes by then",
            _ => continue,
        };
        broken.expected = Some(why.to_owned());
    }
}
