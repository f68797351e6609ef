//! Rows of the compliance matrix: the few rules that a spec's own facts can decide.

use crate::crud::crud_gaps;
use crate::{Judged, Place, Subject};
use trueup_model::{Answer, Entity, EntityKind, Facts, MatrixRow, NamedId, Verdict};

/// Judges each row of the matrix.
pub(crate) fn judge(subject: Subject<'_>) -> Vec<Judged> {
    let facts = &subject.spec.facts;
    let Some(report) = &facts.compliance else { return Vec::new() };
    report.rows.iter().map(|row| judge_row(facts, row)).collect()
}

fn judge_row(facts: &Facts, row: &MatrixRow) -> Judged {
    match row.answer {
        Answer::Pass => {}
        Answer::NotApplicable => {
            return Judged::new(Verdict::NotCheckable, "the author says that it does not apply");
        }
        Answer::Fail | Answer::Partial | Answer::Pending => {
            return Judged::new(Verdict::NotCheckable, "the author does not claim that it holds");
        }
        Answer::Other => return Judged::new(Verdict::NotCheckable, "the status is no answer"),
    }
    if let Some(item) = listed_as_gap(facts, row) {
        return item;
    }
    if let Some(judged) = notes_say_no(row) {
        return judged;
    }
    let rule = row.rule.to_lowercase();
    if asks_for_tenant(&rule) {
        return tenant_columns(facts, &rule);
    }
    if asks_for_names(&rule) {
        return names(facts, &rule);
    }
    if rule.contains("command") && (rule.contains("write") || rule.contains("mutation")) {
        return commands_for_writes(facts);
    }
    Judged::new(Verdict::NotCheckable, crate::BEYOND_THE_SPEC)
}

/// The same rule stands among the items that are not compliant.
fn listed_as_gap(facts: &Facts, row: &MatrixRow) -> Option<Judged> {
    let plain = |text: &str| trueup_template::fold(text);
    let rule = plain(&row.rule);
    let items = &facts.compliance.as_ref()?.non_compliant;
    let item = items.iter().find(|item| {
        let said = plain(&item.rule);
        rule.len() >= 12 && (said == rule || said.starts_with(&rule))
    })?;
    Some(
        Judged::new(Verdict::Contradicted, "the same rule is listed among the items that are not compliant")
            .at(item.span, item.rule.clone()),
    )
}

/// Notes that begin by saying that the rule is not kept.
fn notes_say_no(row: &MatrixRow) -> Option<Judged> {
    let notes = row.notes.trim().to_lowercase();
    let says = [
        "missing ",
        "not yet ",
        "not done",
        "todo",
        "to do",
        "non-compliant",
        "not compliant",
        "violat",
        "❌",
        "fails ",
    ]
    .iter()
    .find(|lead| notes.starts_with(**lead))?;
    let reason = format!("its own notes begin with \"{}\"", says.trim());
    Some(Judged::new(Verdict::Contradicted, reason).at(row.span, row.notes.clone()))
}

fn asks_for_tenant(rule: &str) -> bool {
    let column = rule.contains("organization_id") || rule.contains("tenant_id");
    let asks = ["filter", "scope", "scoped", "include", "every", "all ", "must have", "isolat"];
    // What an event or a line of the log carries is no column of an entity.
    let carried = ["event", "metric", "payload", "log line", "log entr"];
    column && asks.iter().any(|word| rule.contains(word)) && !carried.iter().any(|word| rule.contains(word))
}

/// Fields that name the tenant, in the forms that the rule asks for.
fn tenant_columns(facts: &Facts, rule: &str) -> Judged {
    let wanted: Vec<&str> =
        ["organization_id", "tenant_id"].into_iter().filter(|column| rule.contains(column)).collect();
    let plain = |name: &str| name.replace('_', "").to_lowercase();
    let has = |entity: &Entity, column: &str| {
        entity.fields.iter().chain(&facts.data.shared).any(|field| plain(&field.name) == plain(column))
    };
    // Of an entity that lists only what is special about it nothing can be told.
    let whole = |entity: &&Entity| {
        entity.kind == EntityKind::New
            && entity.fields.len() >= 4
            && entity.fields.iter().any(|field| field.name == "id")
    };
    let entities: Vec<&Entity> = facts.data.entities.iter().filter(whole).collect();
    if facts.data.entities.iter().all(|entity| entity.kind != EntityKind::New) {
        return Judged::new(Verdict::Vacuous, "the spec brings no entity that could carry the column");
    }
    if entities.is_empty() {
        return Judged::new(Verdict::NotCheckable, "no new entity lists all its columns");
    }
    let without: Vec<Place> = entities
        .iter()
        .filter_map(|entity| {
            // Either column scopes a row.
            let any = wanted.iter().any(|column| has(entity, column));
            (!any).then(|| Place {
                span: entity.span,
                what: format!(
                    "`{}` has no {}",
                    entity.name,
                    wanted.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(" and no ")
                ),
                elsewhere: None,
            })
        })
        .collect();
    match without.first() {
        Some(first) => {
            let more = without.len() - 1;
            let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
            Judged::new(Verdict::Contradicted, format!("{}{more}", first.what)).places(without)
        }
        None => {
            let places = entities
                .iter()
                .map(|e| Place { span: e.span, what: e.name.clone(), elsewhere: None })
                .collect();
            let reason = match entities.as_slice() {
                [one] => format!("`{}`, the one new entity with all its columns, has it", one.name),
                all => format!("all {} new entities with all their columns have it", all.len()),
            };
            Judged::new(Verdict::Proven, reason).places(places)
        }
    }
}

fn asks_for_names(rule: &str) -> bool {
    rule.contains("module.entity.") || rule.contains("module.entity_")
}

/// IDs of the form `module.entity.action`.
fn names(facts: &Facts, rule: &str) -> Judged {
    let both = !rule.contains("event") && !rule.contains("command");
    let commands = facts.vocabulary.commands.iter().filter(|_| both || rule.contains("command"));
    let events = facts.vocabulary.events.iter().filter(|_| both || rule.contains("event"));
    let ids: Vec<&NamedId> = commands.chain(events).collect();
    if ids.is_empty() {
        return Judged::new(Verdict::Vacuous, "the spec declares no ID that could have this form");
    }
    let formed = |id: &str| {
        let parts: Vec<&str> = id.split('.').collect();
        let plain = |c: char| {
            c.is_ascii_alphabetic()
                || c.is_ascii_digit()
                || matches!(c, '_' | '*' | '-' | '<' | '>' | '{' | '}')
        };
        parts.len() >= 3 && parts.iter().all(|part| !part.is_empty() && part.chars().all(plain))
    };
    let wrong: Vec<Place> = ids
        .iter()
        .filter(|id| !formed(&id.id))
        .map(|id| Place { span: id.span, what: id.id.clone(), elsewhere: None })
        .collect();
    match wrong.first() {
        Some(first) => {
            let reason = match wrong.len() {
                1 => format!("`{}` has another form", first.what),
                n => format!("{n} of {} IDs have another form, the first: `{}`", ids.len(), first.what),
            };
            Judged::new(Verdict::Contradicted, reason).places(wrong)
        }
        None => Judged::new(
            Verdict::Proven,
            match ids.len() {
                1 => "the one ID has this form".to_owned(),
                n => format!("all {n} IDs have this form"),
            },
        ),
    }
}

fn commands_for_writes(facts: &Facts) -> Judged {
    let gaps = crud_gaps(facts);
    match gaps.first() {
        Some(gap) => {
            let reason = format!("`{}` has no command, though `{}` is there", gap.endpoint, gap.command);
            let places = gaps
                .iter()
                .map(|gap| Place { span: gap.endpoint_span, what: gap.endpoint.clone(), elsewhere: None })
                .collect();
            Judged::new(Verdict::Contradicted, reason).places(places)
        }
        None => Judged::new(Verdict::NotCheckable, crate::BEYOND_THE_SPEC),
    }
}

#[cfg(test)]
mod tests {
    use super::asks_for_tenant;

    #[test]
    fn rules_about_columns_are_told_from_rules_about_events() {
        for (rule, asks) in [
            ("every query must filter by `organization_id`.", true),
            ("all entities include tenant_id and organization_id", true),
            ("every event must carry `tenant_id`, `request_id` and `correlation_id`.", false),
            ("all metrics include tenant_id", false),
            ("every query must be paged", false),
        ] {
            assert_eq!(asks_for_tenant(rule), asks, "{rule}");
        }
    }
}
