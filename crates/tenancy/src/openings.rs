//! Rows whose values may open them: conditions like `is_public OR tenant_id = …`.

use crate::attempt::attempt;
use crate::attempt::{Attempt, Check};
use crate::branches::Branches;
use crate::model::World;
use crate::report::{Principal, ProbeKind, Tenant};
use crate::rows_sql::{identity, insert};
use crate::spares::NewRow;
use crate::tables::{Field, Trial};
use crate::texts::{json_paths, mentions, quoted_words, text_of};
use std::collections::BTreeMap;
use trueup_catalog::{
    Column, ConstraintKind, Generated, PolicyCommand, Relation, TypeKind, quote_ident, quote_literal,
};
use trueup_postgres::SqlError;
use trueup_rows::Made;

/// Most values that are tried for one column.
const MOST_VALUES: usize = 8;

/// A value as SQL for some columns.
pub(crate) type Values = Vec<(String, String)>;

/// What is opened, in words.
pub(crate) struct Opened<'o> {
    /// "a row of tenant B".
    pub whose: &'o str,
    /// "is_public is t".
    pub end: &'o str,
    /// What is said of reading alone.
    pub meant: &'o str,
}

const MEANT: &str = "; what is meant for everybody belongs in a table declared as global";

/// What the permissive policies of a table ask, in themselves and in the functions that they call.
fn asked_texts<'c>(world: &World<'c>, table: &'c Relation) -> Vec<&'c str> {
    let policies = table.policies.iter().filter(|policy| policy.permissive);
    let mut texts: Vec<&str> =
        policies.flat_map(|policy| policy.using.iter().chain(&policy.check)).map(String::as_str).collect();
    let mut at = 0;
    while let Some(text) = texts.get(at).copied() {
        at += 1;
        for function in &world.catalog.functions {
            let body = text_of(function);
            if mentions(text, &function.name) && !texts.contains(&body) {
                texts.push(body);
            }
        }
    }
    texts
}

/// Values that policies may ask for, besides what a row has by itself.
pub(crate) fn candidates(
    world: &World<'_>,
    table: &Relation,
    texts: &[&str],
    scope: &[String],
    row: &Made,
) -> Vec<Values> {
    let of_constraint = |kind: ConstraintKind, name: &String| {
        table.constraints.iter().any(|own| own.kind == kind && own.columns.contains(name))
    };
    let mut out: Vec<Values> = Vec::new();
    let mut last = Values::new();
    for column in table.columns.iter().filter(|column| column.generated == Generated::No) {
        let name = &column.name;
        let told: Vec<&str> = texts.iter().filter(|text| mentions(text, name)).copied().collect();
        if told.is_empty() || scope.contains(name) || of_constraint(ConstraintKind::Primary, name) {
            continue;
        }
        let points = of_constraint(ConstraintKind::Foreign, name)
            || world.user_columns.contains(name)
            || world.tenant_columns.contains(name);
        let mut values = if points { Vec::new() } else { others(world, table, column, &told, row) };
        if !column.not_null && row.value(name).is_some() {
            values.insert(0, "NULL".to_owned());
        }
        values.retain(|value| *value != row.literal(name));
        values.truncate(MOST_VALUES);
        last.extend(values.last().map(|value| (name.clone(), value.clone())));
        out.extend(values.into_iter().map(|value| vec![(name.clone(), value)]));
    }
    // `published AND shared` asks for both.
    if last.len() > 1 {
        out.push(last);
    }
    out
}

/// Other values that a column may take than that of a row: what its type or its conditions name, and what lies beside.
pub(crate) fn values_of(world: &World<'_>, table: &Relation, column: &Column, row: &Made) -> Vec<String> {
    let checks = table.constraints.iter().filter(|one| one.kind == ConstraintKind::Check);
    let checks: Vec<&str> =
        checks.filter(|one| one.columns.contains(&column.name)).map(|one| one.definition.as_str()).collect();
    let own = row.literal(&column.name);
    let type_name = &column.type_name;
    let mut out: Vec<String> = match column.category.as_str() {
        "N" => ["+ 1", "- 1"].map(|step| format!("{own}::{type_name} {step}")).to_vec(),
        "D" => ["+", "-"].map(|sign| format!("{own}::{type_name} {sign} interval '1 day'")).to_vec(),
        _ => Vec::new(),
    };
    out.extend(others(world, table, column, &checks, row));
    if type_name.starts_with("json") {
        out.push(format!("'{{\"trueup\": 1}}'::{type_name}"));
    }
    if !column.not_null && row.value(&column.name).is_some() {
        out.push("NULL".to_owned());
    }
    out.retain(|value| *value != own);
    out.truncate(MOST_VALUES);
    out
}

/// Other values of a column than that of the row.
pub(crate) fn others(
    world: &World<'_>,
    table: &Relation,
    column: &Column,
    texts: &[&str],
    row: &Made,
) -> Vec<String> {
    let labels = world.catalog.types.iter().find_map(|own| match &own.kind {
        TypeKind::Enum(labels)
            if [own.name.clone(), trueup_catalog::qualified(&own.schema, &own.name)]
                .contains(&column.type_name) =>
        {
            Some(labels.iter().map(|label| quote_literal(label)).collect::<Vec<_>>())
        }
        _ => None,
    });
    let words = || -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for word in texts.iter().flat_map(|text| literals(text)) {
            if !out.contains(&word) {
                out.push(word);
            }
        }
        out
    };
    if let Some(mut labels) = labels {
        // Those that are asked for come first.
        let named = words();
        labels.sort_by_key(|label| !named.contains(label));
        return labels;
    }
    let type_name = &column.type_name;
    let typed = |value: &String| format!("{value}::{type_name}");
    match column.category.as_str() {
        "B" => vec![if row.value(&column.name) == Some("t") { "false" } else { "true" }.to_owned()],
        // Beside each span that is likely to be asked for.
        "D" => {
            ["- interval '1 year'", "- interval '100 years'", "+ interval '100 years'", "+ interval '1 year'"]
                .map(|span| format!("now() {span}"))
                .into_iter()
                .chain(["now()".to_owned()])
                .rev()
                .collect()
        }
        "T" => ["'0'", "'100 years'"].map(|span| typed(&span.to_owned())).to_vec(),
        "N" => texts.iter().flat_map(|text| numbers(text)).chain(["1".to_owned()]).collect(),
        "S" => {
            let mut out = vec!["'x'".to_owned()];
            out.extend(texts.iter().flat_map(|text| patterned(text)));
            // What is asked for comes last, where it is tried together with others.
            let named = words();
            let listed = checked(table, column).unwrap_or_default();
            let listed = listed.iter().map(|word| quote_literal(word));
            let room = MOST_VALUES.saturating_sub(out.len() + named.len());
            out.extend(listed.filter(|word| !named.contains(word)).take(room).collect::<Vec<_>>());
            out.extend(named);
            out
        }
        "A" => {
            let counted =
                ["int", "bigint", "smallint", "numeric"].iter().any(|name| type_name.starts_with(name));
            let numbers = texts.iter().filter(|_| counted).flat_map(|text| numbers(text));
            let parts: Vec<String> = words().into_iter().chain(numbers).collect();
            let mut out: Vec<String> = parts.iter().map(|part| typed(&format!("ARRAY[{part}]"))).collect();
            out.insert(out.len().min(1), typed(&"'{}'".to_owned()));
            out
        }
        _ if type_name.starts_with("json") => documents(texts, &words()).iter().map(typed).collect(),
        _ => words().iter().map(typed).collect(),
    }
}

/// The words that a condition allows in a column.
pub(crate) fn checked(table: &Relation, column: &Column) -> Option<Vec<String>> {
    let mut checks = table.constraints.iter().filter(|check| {
        check.kind == ConstraintKind::Check && check.columns.as_slice() == [column.name.clone()]
    });
    let lists = |text: &str| text.contains(" = ANY (") || text.contains(" IN (");
    let of_texts = column.category == "S";
    checks.find_map(|check| {
        let lists = of_texts && lists(&check.definition);
        lists.then(|| quoted_words(&check.definition)).filter(|words| !words.is_empty())
    })
}

/// Documents that have what is asked for at the paths that are read.
fn documents(texts: &[&str], words: &[String]) -> Vec<String> {
    let paths: Vec<Vec<String>> = texts.iter().flat_map(|text| json_paths(text)).collect();
    let is_key = |word: &&String| !paths.iter().flatten().any(|key| quote_literal(key) == **word);
    let values: Vec<String> = words.iter().filter(is_key).map(|word| format!("{word}::text")).collect();
    let at = |path: &[String], value: &str| {
        path.iter().rev().fold(value.to_owned(), |value, key| {
            format!("jsonb_build_object({}, {value})", quote_literal(key))
        })
    };
    let mut out: Vec<String> = Vec::new();
    for path in &paths {
        out.extend(["true".to_owned()].iter().chain(&values).map(|value| at(path, value)));
    }
    for word in words {
        match word.starts_with("'{") || word.starts_with("'[") {
            true => out.push(word.clone()),
            false => out.push(format!("jsonb_build_object({word}, true)")),
        }
    }
    out
}

/// Texts that the patterns of a condition match.
fn patterned(text: &str) -> Vec<String> {
    if !text.contains(" ~ ") && !text.contains(" ~* ") {
        return Vec::new();
    }
    let unquoted = |word: &String| word.trim_matches('\'').replace("''", "'");
    let samples =
        literals(text).iter().filter_map(|word| trueup_rows::matching(&unquoted(word))).collect::<Vec<_>>();
    samples.iter().map(|sample| quote_literal(sample)).collect()
}

/// Texts that stand in a condition, as SQL; names of settings are none.
fn literals(text: &str) -> Vec<String> {
    let parts: Vec<&str> = text.split('\'').collect();
    let inside = parts.iter().enumerate().filter(|(at, _)| at % 2 == 1);
    let mut out: Vec<String> = Vec::new();
    for (at, word) in inside {
        let before = at.checked_sub(1).and_then(|at| parts.get(at)).copied().unwrap_or("");
        let value = quote_literal(word);
        if !before.ends_with("current_setting(") && !word.is_empty() && !out.contains(&value) {
            out.push(value);
        }
    }
    out
}

/// Numbers that stand in a condition, and those beside them.
fn numbers(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let found = words.filter_map(|word| word.parse::<i32>().ok());
    found.flat_map(|n| [n.saturating_sub(1), n.saturating_add(1), n]).map(|n| n.to_string()).collect()
}

impl Trial<'_, '_> {
    /// Rows of B with each value that a policy may open them for.
    pub(crate) fn openings(&mut self, field: &mut Field<'_, '_, '_>) -> Result<(), SqlError> {
        let table = self.target.table;
        let reaches = [PolicyCommand::Select, PolicyCommand::Update, PolicyCommand::Delete]
            .iter()
            .any(|command| self.rights.allows(*command));
        if !table.row_security || !reaches {
            return Ok(());
        }
        let texts = asked_texts(field.world, table);
        let all = candidates(field.world, table, &texts, &self.target.scope, &self.target.b);
        let mut made: BTreeMap<String, bool> = BTreeMap::new();
        let mut branches = Branches::of(field, self);
        let b = self.target.b.clone();
        branches.meet(field, self, &b, &[])?;
        for values in all {
            let names: Vec<&str> = values.iter().map(|(name, _)| name.as_str()).collect();
            let names = names.join(", ");
            let row = self.open_row(field, &values)?;
            *made.entry(names).or_default() |= row.is_some();
            if let Some((row, before)) = row {
                branches.meet(field, self, &row, &before)?;
                let said = said(&values, &row);
                let opened = Opened { whose: "a row of tenant B", end: &said, meant: MEANT };
                self.try_open(field, &row, &before, &opened)?;
            }
        }
        branches.tell(self);
        for (names, _) in made.into_iter().filter(|(_, made)| !made) {
            self.results.notes.push(format!(
                "{}: no row with another {names} could be made, so it is not known what that opens",
                table.display_name()
            ));
        }
        self.gates(field, &texts)
    }

    /// Rows of B in other tables that policies read: `EXISTS (… tenants t WHERE t.id = tenant_id AND t.is_open)`.
    fn gates(&mut self, field: &mut Field<'_, '_, '_>, texts: &[&str]) -> Result<(), SqlError> {
        let own = self.target.table;
        let catalog = field.world.catalog;
        let read = |table: &&Relation| {
            table.oid != own.oid
                && !table.is_partition
                && field.world.is_scoped(&table.schema, &table.name)
                && texts.iter().any(|text| mentions(text, &table.name))
        };
        let tables: Vec<&Relation> = catalog.tables().filter(read).collect();
        for table in tables {
            let Some(gate) = field.b.row(&table.schema, &table.name).cloned() else { continue };
            let told: Vec<&str> = texts.iter().filter(|text| mentions(text, &table.name)).copied().collect();
            // What says whose the row is, and what rights its user has, opens it for those who have them.
            let scope = field.world.scope(table);
            let of_users = field.world.user_columns.iter().any(|name| table.column(name).is_some());
            if of_users {
                continue;
            }
            for values in candidates(field.world, table, &told, &scope, &gate) {
                let set: Vec<String> =
                    values.iter().map(|(name, value)| format!("{} = {value}", quote_ident(name))).collect();
                let found = identity(table, &gate, |_| true);
                let before = vec![
                    "SET LOCAL session_replication_role = replica".to_owned(),
                    format!("UPDATE {} SET {} WHERE {found}", table.sql_name(), set.join(", ")),
                    "SET LOCAL session_replication_role = origin".to_owned(),
                ];
                let made = field.session.trial(|session| session.execute(&before.join("; ")))?;
                if made.is_err() {
                    continue;
                }
                let end = format!("{} of its row in {} says so", set.join(" and "), table.display_name());
                let opened = Opened { whose: "a row of tenant B", end: &end, meant: MEANT };
                let row = self.target.b.clone();
                self.try_open(field, &row, &before, &opened)?;
            }
        }
        Ok(())
    }

    /// A row of B with these values, and the statements that make it.
    pub(crate) fn open_row(
        &mut self,
        field: &mut Field<'_, '_, '_>,
        values: &Values,
    ) -> Result<Option<(Made, Vec<String>)>, SqlError> {
        let table = self.target.table;
        let NewRow { mut row, mut before, .. } = self.new_row(field, Tenant::B)?;
        if crate::seeds::triggers_ask(field.world) {
            // Triggers ask who writes a row.
            before.extend(field.actors.claims(&Principal { role: self.who.role.clone(), tenant: Tenant::B }));
        }
        let columns: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
        let listed: Vec<String> = columns.iter().map(|name| quote_ident(name)).collect();
        let sql = format!("{} RETURNING {}", insert(table, &row, values, None), listed.join(", "));
        let answer = field.session.trial_after(&before.join("; "), |session| session.run(&sql))?;
        let Some(found) = answer.ok().and_then(|answer| answer.rows.into_iter().next()) else {
            return Ok(None);
        };
        row.values = columns.into_iter().zip(found).collect();
        let same = |name: &String| row.value(name) == self.target.b.value(name);
        if !self.target.scope.iter().all(same) {
            return Ok(None);
        }
        before.push(insert(table, &row, &[], None));
        Ok(Some((row, before)))
    }

    pub(crate) fn try_open(
        &mut self,
        field: &mut Field<'_, '_, '_>,
        row: &Made,
        before: &[String],
        opened: &Opened<'_>,
    ) -> Result<(), SqlError> {
        let table = self.target.name();
        let find = identity(self.target.table, row, |column| self.readable(column));
        let gone = |column: Option<&str>| Check::Afterwards(self.target.gone(row, column));
        let mut all = vec![(
            PolicyCommand::Select,
            ProbeKind::Select,
            format!("SELECT count(*) FROM {table} WHERE {find}"),
            Check::Counts,
            "read",
        )];
        if let Some((column, value)) = self.changed_column(field, row, &self.target.a, before)? {
            let set = format!("UPDATE {table} SET {} = {value}", quote_ident(&column));
            let check = gone(Some(&column));
            let command = PolicyCommand::Update;
            all.push((command, ProbeKind::BlindUpdate, set.clone(), check.clone(), "changed"));
            all.push((command, ProbeKind::Update, format!("{set} WHERE {find}"), check, "changed"));
        }
        let command = PolicyCommand::Delete;
        let delete = format!("DELETE FROM {table}");
        all.push((command, ProbeKind::BlindDelete, delete.clone(), gone(None), "deleted"));
        all.push((command, ProbeKind::Delete, format!("{delete} WHERE {find}"), gone(None), "deleted"));
        for (command, kind, attack, check, done) in all {
            if !self.rights.allows(command) {
                continue;
            }
            let meant = match command {
                PolicyCommand::Select => opened.meant,
                _ => "",
            };
            let shows = format!("{} is {done} where {}{meant}", opened.whose, opened.end);
            let mut one: Attempt = self.new_attempt(kind, attack, check, shows);
            one.before = before.to_vec();
            if command == PolicyCommand::Delete {
                one.before.extend(self.loosened(field));
            }
            let tried = attempt(field.session, field.actors, &one)?;
            self.settle(command, one, &tried);
        }
        Ok(())
    }
}

fn said(values: &Values, row: &Made) -> String {
    let one = |(name, _): &(String, String)| match row.value(name) {
        Some(value) => format!("{name} is {value}"),
        None => format!("{name} is NULL"),
    };
    values.iter().map(one).collect::<Vec<_>>().join(" and ").replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_from_conditions() {
        let text =
            "((status = 'published'::st) OR ((tenant)::text = current_setting('app.tenant'::text, true)))";
        assert_eq!(literals(text), ["'published'"]);
        assert_eq!(numbers("(level >= 5)"), ["4", "6", "5"]);
    }
}
