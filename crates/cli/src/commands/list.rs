//! `trueup list`

use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::specs::{spec_path, template_of};
use std::sync::Arc;
use trueup_engine::{OpenOptions, ReadFile, Workspace, nearest};
use trueup_model::base_name;
use trueup_render::{
    FACT_KINDS, FactKind, ListedFact, fact_csv, fact_json, fact_table, fact_text, spec_values,
};

/// What stands below the help.
const FILTERS: &str = "\
Filters: KEY=VALUE is, KEY!=VALUE is not, KEY~VALUE holds, KEY!~VALUE does not hold, KEY<VALUE and KEY>VALUE
compare numbers and dates. KEY is a column, spec, path, state, line, or any key of the fact's JSON
(values.mitigation). Case does not matter; several filters must all hold; KEY= finds what is not there.";

/// List the facts of one kind over all specs: the risk register, all flags, all endpoints, …
#[derive(Debug, clap::Args)]
#[command(after_help = FILTERS)]
pub(crate) struct List {
    /// The kind of fact; without one, the kinds are listed with their numbers
    #[arg(value_name = "KIND")]
    kind: Option<String>,
    /// Only these specs
    #[arg(value_name = "SPEC")]
    specs: Vec<String>,
    /// Only facts of which this holds, for example `severity=Critical`
    #[arg(long = "where", value_name = "FILTER")]
    filters: Vec<String>,
    /// How to write the list
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
enum Format {
    /// A table for people
    #[default]
    Table,
    /// Comma-separated values
    Csv,
    /// For programs
    Json,
}

/// A kind by its word.
pub(super) fn kind_named(name: &str) -> Result<&'static FactKind, Failure> {
    let plain = name.to_lowercase().replace('_', "-");
    let plural = format!("{plain}s");
    FactKind::named(&plain).or_else(|| FactKind::named(&plural)).ok_or_else(|| {
        let names: Vec<&str> = FACT_KINDS.iter().map(|kind| kind.name).collect();
        let failure = Failure::new(format!("there is no kind of fact `{name}`"));
        match nearest(&plain, names.iter().copied()) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help(format!("the kinds are {}", names.join(", "))),
        }
    })
}

/// Runs the command.
pub(crate) fn run(args: &List, context: &Context) -> Result<Exit, Failure> {
    let kind = args.kind.as_deref().map(kind_named).transpose()?;
    let filters: Vec<Filter> =
        args.filters.iter().map(|text| Filter::parse(text)).collect::<Result<_, _>>()?;
    let workspace = context.open(OpenOptions::default())?;
    if workspace.sets.is_empty() {
        return Err(Failure::new("there are no specs here")
            .help("`trueup check --explain-discovery` says what was looked for"));
    }
    let wanted: Vec<Arc<str>> =
        args.specs.iter().map(|spec| spec_path(&workspace, context, spec)).collect::<Result<_, _>>()?;
    let listed = |file: &ReadFile| {
        if !wanted.is_empty() && !wanted.contains(&file.path) {
            return Vec::new();
        }
        facts_of(&workspace, file, kind)
    };
    let facts: Vec<ListedFact> = workspace.map_specs(listed).into_iter().flatten().collect();
    let Some(kind) = kind else {
        context.terminal.print(&counts(&facts, context))?;
        return Ok(Exit::Clean);
    };
    for filter in &filters {
        filter.check(kind, &facts)?;
    }
    let facts: Vec<ListedFact> =
        facts.into_iter().filter(|fact| filters.iter().all(|filter| filter.holds(kind, fact))).collect();
    let bold: fn(&str) -> String =
        if context.terminal.color { |text| format!("\u{1b}[1m{text}\u{1b}[0m") } else { str::to_owned };
    let text = match args.format {
        Format::Table => fact_table(kind, &facts, context.terminal.width(), bold),
        Format::Csv => fact_csv(kind, &facts),
        Format::Json => fact_json(kind, &facts),
    };
    context.terminal.print(&text)?;
    Ok(Exit::Clean)
}

/// The facts of a file: of one kind, or of all kinds with the kind's name in place of the spec's.
fn facts_of(workspace: &Workspace, file: &ReadFile, kind: Option<&FactKind>) -> Vec<ListedFact> {
    let mut out = Vec::new();
    for spec in spec_values(file, template_of(workspace, file)) {
        let id = fact_text(&spec, "id");
        let name = if id.is_empty() { base_name(&file.path).trim_end_matches(".md").to_owned() } else { id };
        let state = fact_text(&spec, "status.state");
        let mut push = |name: &str, fact: serde_json::Value| {
            let line = fact["line"].as_u64();
            let (spec, path, state) = (name.to_owned(), file.path.to_string(), state.clone());
            out.push(ListedFact { spec, path, state, line, fact });
        };
        match kind {
            Some(kind) => kind.facts(&spec).into_iter().for_each(|fact| push(&name, fact.clone())),
            // Counted only.
            None => FACT_KINDS.iter().for_each(|kind| {
                kind.facts(&spec).iter().for_each(|_| push(kind.name, serde_json::Value::Null))
            }),
        }
    }
    out
}

fn counts(facts: &[ListedFact], context: &Context) -> String {
    let mut out = String::new();
    for kind in FACT_KINDS {
        let number = facts.iter().filter(|fact| fact.spec == kind.name).count();
        out.push_str(&format!("{number:>7}  {:18}  {}\n", context.terminal.bold(kind.name), kind.title));
    }
    out.push_str("\n`trueup list KIND` lists one kind.\n");
    out
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Comparison {
    Is,
    IsNot,
    Holds,
    HoldsNot,
    Less,
    More,
}

/// A condition on a fact.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Filter {
    key: String,
    comparison: Comparison,
    value: String,
}

impl Filter {
    fn parse(text: &str) -> Result<Filter, Failure> {
        let signs = [
            ("!=", Comparison::IsNot),
            ("!~", Comparison::HoldsNot),
            ("=", Comparison::Is),
            ("~", Comparison::Holds),
            ("<", Comparison::Less),
            (">", Comparison::More),
        ];
        let first = text.find(['=', '~', '<', '>', '!']);
        let found = first.and_then(|at| {
            let (sign, comparison) = signs.iter().find(|(sign, _)| text[at..].starts_with(sign))?;
            Some((&text[..at], *comparison, &text[at + sign.len()..]))
        });
        match found {
            Some((key, comparison, value)) if !key.trim().is_empty() => {
                Ok(Filter { key: key.trim().to_lowercase(), comparison, value: value.trim().to_lowercase() })
            }
            _ => Err(Failure::new(format!("`{text}` is no filter"))
                .help("write it like `severity=Critical` or `path~orders`")),
        }
    }

    /// What the filter looks at in a fact.
    fn value_of(&self, kind: &FactKind, fact: &ListedFact) -> String {
        if let Some((_, path)) =
            kind.columns.iter().find(|(name, path)| *name == self.key || *path == self.key)
        {
            return fact_text(&fact.fact, path);
        }
        match self.key.as_str() {
            "spec" => fact.spec.clone(),
            // Endpoints and files have a path of their own, found above.
            "path" | "file" => fact.path.clone(),
            "state" => fact.state.clone(),
            "line" => fact.line.map_or(String::new(), |line| line.to_string()),
            key => fact_text(&fact.fact, key),
        }
    }

    fn holds(&self, kind: &FactKind, fact: &ListedFact) -> bool {
        let value = self.value_of(kind, fact).to_lowercase();
        match self.comparison {
            Comparison::Is => value == self.value,
            Comparison::IsNot => value != self.value,
            Comparison::Holds => value.contains(&self.value),
            Comparison::HoldsNot => !value.contains(&self.value),
            Comparison::Less | Comparison::More if value.is_empty() => false,
            Comparison::Less => ordered(&value, &self.value).is_lt(),
            Comparison::More => ordered(&value, &self.value).is_gt(),
        }
    }

    /// A key that no fact can have is a slip.
    fn check(&self, kind: &FactKind, facts: &[ListedFact]) -> Result<(), Failure> {
        let first = self.key.split('.').next().unwrap_or("");
        let columns = || kind.columns.iter().flat_map(|(name, path)| [*name, *path]);
        let own = ["spec", "path", "file", "state", "line"];
        let in_json = facts.iter().any(|f| f.fact.as_object().is_some_and(|o| o.contains_key(first)));
        if facts.is_empty() || in_json || own.contains(&self.key.as_str()) || columns().any(|c| c == self.key)
        {
            return Ok(());
        }
        let names: Vec<&str> = kind.columns.iter().map(|(name, _)| *name).collect();
        let failure = Failure::new(format!("{} have no `{}`", kind.title.to_lowercase(), self.key));
        Err(match nearest(&self.key, columns().chain(own)) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help(format!("the columns are {}", names.join(", "))),
        })
    }
}

/// Numbers by their size, everything else (dates of the form YYYY-MM-DD among it) as text.
fn ordered(a: &str, b: &str) -> std::cmp::Ordering {
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => a.total_cmp(&b),
        _ => a.cmp(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(json: serde_json::Value) -> ListedFact {
        ListedFact {
            spec: "SPEC-1".to_owned(),
            path: "specs/SPEC-1-a.md".to_owned(),
            state: "draft".to_owned(),
            line: Some(7),
            fact: json,
        }
    }

    #[track_caller]
    fn check(kind: &str, filter: &str, json: serde_json::Value, holds: bool) {
        let kind = kind_named(kind).unwrap();
        let filter = Filter::parse(filter).unwrap();
        assert_eq!(filter.holds(kind, &fact(json)), holds, "{filter:?}");
    }

    #[test]
    fn filters_compare() {
        let risk = serde_json::json!({"severity": "Critical", "values": {"mitigation": "Retry twice"}});
        check("risks", "severity=critical", risk.clone(), true);
        check("risks", "severity!=critical", risk.clone(), false);
        check("risk", "mitigation~RETRY", risk.clone(), true);
        check("risks", "values.mitigation!~retry", risk.clone(), false);
        check("risks", "scenario=", risk.clone(), true);
        check("risks", "line<8", risk.clone(), true);
        check("risks", "line>10", risk.clone(), false);
        check("risks", "state=draft", risk, true);
        let flag = serde_json::json!({"removal_date": "2026-05-01"});
        check("flags", "removal_date<2026-06-01", flag, true);
        let endpoint = serde_json::json!({"path": "/api/orders"});
        check("endpoints", "path~orders", endpoint.clone(), true);
        check("endpoints", "file~spec-1", endpoint, true);
    }

    #[test]
    fn slips_are_named() {
        assert!(Filter::parse("severity").is_err() && Filter::parse("=x").is_err());
        let kind = kind_named("risks").unwrap();
        let facts = [fact(serde_json::json!({"severity": "High"}))];
        let failure = Filter::parse("severty=High").unwrap().check(kind, &facts).unwrap_err();
        assert!(failure.help.iter().any(|h| h.contains("`severity`")));
        assert!(kind_named("riskz").unwrap_err().help[0].contains("risks"));
    }
}
