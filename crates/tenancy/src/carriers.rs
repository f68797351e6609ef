//! How the database learns who speaks.

use crate::pooled::Held;
use crate::report::{Carrier, Claim, Token};
use crate::session::Session;
use crate::texts::{
    Form, all_texts, call_form, comparisons, json_paths, json_reads, mentions, settings, text_of, until_and,
};
use crate::tokens::Lookup;
use trueup_catalog::{Catalog, quote_ident, quote_literal};
use trueup_postgres::SqlError;

/// Types that IDs have to have the form of, though columns take any text: conditions cast them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Forms {
    pub tenant: Option<String>,
    pub user: Option<String>,
}

impl Forms {
    /// Learns from an error about a value of somebody; `false` where it tells nothing new.
    pub(crate) fn learn(&mut self, error: &SqlError, who: &Identity) -> bool {
        let Some((_, rest)) = error.message.split_once("for type ") else { return false };
        let Some((type_name, value)) = rest.split_once(": ") else { return false };
        let known = ["uuid", "integer", "bigint", "smallint", "numeric"].contains(&type_name);
        let value = Some(value.trim_matches('"'));
        let form = match () {
            () if error.sqlstate != "22P02" || !known => return false,
            () if who.tenant.as_deref() == value => &mut self.tenant,
            () if who.user.as_deref() == value => &mut self.user,
            () => return false,
        };
        let new = form.is_none();
        *form = Some(type_name.to_owned());
        new
    }
}

/// Who the two tenants are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Identity {
    pub tenant: Option<String>,
    pub user: Option<String>,
    pub email: Option<String>,
    /// The role that stands for it, where the connected role is asked.
    pub role: Option<String>,
    /// What is presented, by schema, table and column in which it is looked up.
    pub tokens: Vec<((String, String, String), String)>,
}

impl Identity {
    fn token(&self, token: &Token) -> Option<String> {
        let place = (token.schema.clone(), token.table.clone(), token.column.clone());
        self.tokens.iter().find(|(own, _)| *own == place).map(|(_, value)| value.clone())
    }
}

/// What the name of a claim says.
fn claim_named(name: &str) -> Claim {
    let last = name.rsplit('.').next().unwrap_or(name).to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| last.contains(word));
    match () {
        () if last == "role" || last == "aud" => Claim::Role,
        () if has(&["tenant", "org", "company", "workspace", "account", "team", "shop", "store"]) => {
            Claim::Tenant
        }
        () if last == "sub"
            || has(&[
                "user", "uid", "member", "profile", "email", "person", "actor", "owner", "login", "subject",
            ]) =>
        {
            Claim::User
        }
        () => Claim::Tenant,
    }
}

/// The words by which a text reads a claim: settings, and functions that read them.
pub(crate) fn claim_words(catalog: &Catalog) -> Vec<(String, Claim)> {
    let mut out = Vec::new();
    for function in catalog.functions.iter().filter(|function| !function.is_trigger && !function.returns_set)
    {
        let text = text_of(function);
        // What reads a table as well does more than telling who speaks.
        let reads = mentions(text, "from");
        let read = settings(text);
        if let Some((name, json)) = read.first()
            && !reads
        {
            let paths = json_paths(text);
            // `auth.jwt()` gives all claims; the paths stand where it is called.
            let claim = match paths.last().filter(|_| *json || read.len() > 1) {
                Some(path) => claim_named(&path.join(".")),
                None => claim_named(name),
            };
            out.push((function.name.clone(), claim));
        }
    }
    out
}

/// What a part of a condition says about who speaks.
pub(crate) fn claim_of(text: &str, words: &[(String, Claim)]) -> Option<Claim> {
    let near = until_and(text);
    let lower = near.to_lowercase();
    if let Some(path) = json_paths(near)
        .first()
        .filter(|_| lower.contains("current_setting") || words.iter().any(|(word, _)| mentions(near, word)))
    {
        return Some(claim_named(&path.join(".")));
    }
    if let Some((name, _)) = settings(near).first() {
        return Some(claim_named(name));
    }
    if reads_role(&lower) {
        return Some(Claim::User);
    }
    if reads_path(&lower) {
        return Some(Claim::Tenant);
    }
    let called = |word: &str| {
        lower.contains(&format!("{}(", word.to_lowercase()))
            || lower.contains(&format!("\"{}\"(", word.to_lowercase()))
    };
    words.iter().find(|(word, _)| called(word)).map(|(_, claim)| claim.clone())
}

fn reads_role(text: &str) -> bool {
    ["current_user", "session_user", "current_role"].iter().any(|word| mentions(text, word))
}

/// The tenant's rows are found by the schema that comes first: `tenant_id = current_schema()`.
fn reads_path(text: &str) -> bool {
    mentions(text, "current_schema") || text.contains("current_setting('search_path'")
}

/// What a list holds that has only what the claim says.
fn listed(claim: &Claim, form: Form) -> Claim {
    let word = match claim {
        Claim::Tenant => "{tenant}",
        Claim::User => "{user}",
        Claim::Role => "{role}",
        Claim::Text(_) | Claim::Json(_) | Claim::Token(_) => return claim.clone(),
    };
    match form {
        Form::Plain => claim.clone(),
        Form::List => Claim::Json(format!("[\"{word}\"]")),
        Form::Array => Claim::Text(format!("{{{word}}}")),
    }
}

/// Functions that give a list to those who call them, with the path at which it stands.
fn list_words(catalog: &Catalog, texts: &[&str], words: &[(String, Claim)]) -> Vec<(Vec<String>, Form)> {
    let mut out = Vec::new();
    let functions = catalog.functions.iter().filter(|function| {
        words.iter().any(|(word, _)| *word == function.name) && function.argument_types.is_empty()
    });
    for function in functions {
        let Some(path) = json_paths(text_of(function)).pop() else { continue };
        let call = format!("{}(", function.name);
        let mut forms = texts.iter().map(|text| call_form(text, &call));
        out.extend(forms.find(|form| *form != Form::Plain).map(|form| (path, form)));
    }
    out
}

/// All carriers that the catalog speaks of.
pub(crate) fn carriers(catalog: &Catalog, lookups: &[Lookup]) -> Vec<Carrier> {
    let texts = all_texts(catalog);
    let mut out: Vec<Carrier> = Vec::new();
    let mut found: Vec<(String, bool)> = Vec::new();
    for (name, json) in texts.iter().flat_map(|text| settings(text)) {
        match found.iter_mut().find(|(other, _)| *other == name) {
            Some((_, is_json)) => *is_json |= json,
            None => found.push((name, json)),
        }
    }
    let words = claim_words(catalog);
    let speaks = |text: &&&str| {
        text.to_lowercase().contains("current_setting") || words.iter().any(|(word, _)| mentions(text, word))
    };
    let mut keys: Vec<(Vec<String>, Claim)> = Vec::new();
    let lists = list_words(catalog, &texts, &words);
    for (path, form) in texts.iter().filter(speaks).flat_map(|text| json_reads(text)) {
        let form = lists.iter().find(|(other, _)| *other == path).map_or(form, |(_, form)| *form);
        let claim = listed(&claim_named(&path.join(".")), form);
        match keys.iter_mut().find(|(other, _)| *other == path) {
            Some(known) if form != Form::Plain => known.1 = claim,
            Some(_) => {}
            None => keys.push((path, claim)),
        }
    }
    for (name, json) in found {
        let call = format!("current_setting('{name}'");
        let mut forms = texts.iter().map(|text| call_form(text, &call));
        let form = forms.find(|form| *form != Form::Plain).unwrap_or(Form::Plain);
        out.push(match json && !keys.is_empty() {
            true => Carrier::Json { name, keys: keys.clone() },
            false => Carrier::Setting { claim: listed(&claim_named(&name), form), name },
        });
    }
    presented(&mut out, lookups);
    out.extend(search_path(catalog));
    out.extend(current_user(catalog));
    out
}

/// Settings hold what is looked up in a table, where something is.
fn presented(carriers: &mut [Carrier], lookups: &[Lookup]) {
    for lookup in lookups {
        let token = || {
            Claim::Token(Token {
                schema: lookup.schema.clone(),
                table: lookup.table.clone(),
                column: lookup.column.clone(),
                name: format!(
                    "{} of {}",
                    lookup.column,
                    trueup_catalog::display_name(&lookup.schema, &lookup.table)
                ),
            })
        };
        for carrier in carriers.iter_mut() {
            match carrier {
                Carrier::Setting { name, claim } if *name == lookup.read.name && !is_presented(claim) => {
                    *claim = token();
                }
                Carrier::Json { name, keys } if *name == lookup.read.name => {
                    let own = keys.iter_mut().filter(|(path, _)| *path == lookup.read.path);
                    own.filter(|(_, claim)| !is_presented(claim)).for_each(|(_, claim)| *claim = token());
                }
                _ => {}
            }
        }
    }
}

fn is_presented(claim: &Claim) -> bool {
    matches!(claim, Claim::Token(_))
}

/// The search path, where conditions compare its first schema with the tenant.
fn search_path(catalog: &Catalog) -> Option<Carrier> {
    let policies = catalog.relations.iter().flat_map(|relation| &relation.policies);
    let conditions: Vec<&str> =
        policies.flat_map(|policy| policy.using.iter().chain(&policy.check)).map(String::as_str).collect();
    let functions = catalog.functions.iter().filter(|function| {
        reads_path(&text_of(function).to_lowercase())
            && conditions.iter().any(|condition| mentions(condition, &function.name))
    });
    let texts: Vec<&str> = conditions.iter().copied().chain(functions.map(text_of)).collect();
    let alone = |text: &&str| {
        let whole = |other: &str| other.trim_start_matches('(').starts_with("current_setting('search_path'");
        comparisons(text).iter().any(|(_, other)| whole(other))
    };
    let reads = texts.iter().any(|text| reads_path(&text.to_lowercase()));
    reads.then(|| Carrier::SearchPath { alone: texts.iter().any(alone) })
}

/// Columns that conditions compare with the connected role, in whichever table has them.
fn current_user(catalog: &Catalog) -> Option<Carrier> {
    let texts = all_texts(catalog);
    let names: Vec<String> = texts
        .iter()
        .flat_map(|text| comparisons(text))
        .filter(|(_, other)| reads_role(&until_and(other).to_lowercase()))
        .map(|(column, _)| column)
        .collect();
    let of_texts = |category: &str| category == "S";
    let columns: Vec<(String, String, String)> = catalog
        .tables()
        .flat_map(|table| table.columns.iter().map(move |column| (table, column)))
        .filter(|(_, column)| names.contains(&column.name) && of_texts(&column.category))
        .map(|(table, column)| (table.schema.clone(), table.name.clone(), column.name.clone()))
        .collect();
    (!columns.is_empty()).then_some(Carrier::CurrentUser { columns })
}

/// The statements that set claims for the transaction.
pub(crate) fn claims_sql(carriers: &[Carrier], identity: &Identity, role: &str) -> Vec<String> {
    carriers.iter().filter_map(|carrier| claim_sql(carrier, identity, role)).collect()
}

/// Each setting with the value that makes somebody speak, and what has to stand in it where it holds more than an ID.
/// One that says the same of everybody tells nobody apart.
pub(crate) fn claims_of(carriers: &[Carrier], identity: &Identity, role: &str) -> Vec<Held> {
    let known = || {
        let names = [&identity.tenant, &identity.user, &identity.email].into_iter().flatten();
        names.chain(identity.tokens.iter().map(|(_, value)| value))
    };
    let one = |carrier: &Carrier| {
        let (name, value) = match carrier {
            Carrier::Setting { name, claim } => (name, value(claim, name, identity, role)?),
            Carrier::Json { name, keys } => (name, json(keys, identity, role)),
            _ => return None,
        };
        let alone = known().any(|known| *known == value);
        let quoted = known().map(|known| json_text(known)).filter(|known| value.contains(known.as_str()));
        let marks: Vec<String> = if alone { Vec::new() } else { quoted.collect() };
        (alone || !marks.is_empty()).then(|| Held { name: name.clone(), value, marks })
    };
    carriers.iter().filter_map(one).collect()
}

fn claim_sql(carrier: &Carrier, identity: &Identity, role: &str) -> Option<String> {
    let set = |name: &str, value: &str| {
        format!("SELECT set_config({}, {}, true)", quote_literal(name), quote_literal(value))
    };
    match carrier {
        Carrier::Setting { name, claim } => Some(set(name, &value(claim, name, identity, role)?)),
        Carrier::Json { name, keys } => Some(set(name, &json(keys, identity, role))),
        Carrier::SearchPath { alone } => Some(path_sql(identity.tenant.as_deref()?, *alone)),
        Carrier::CurrentUser { .. } => None,
    }
}

/// A schema with the tenant's name comes first: only one that is there, and may be used, counts.
fn path_sql(tenant: &str, alone: bool) -> String {
    let schema = quote_ident(tenant);
    let path = if alone { schema.clone() } else { format!("{schema}, public") };
    format!(
        "CREATE SCHEMA IF NOT EXISTS {schema}; GRANT USAGE ON SCHEMA {schema} TO PUBLIC; \
         SELECT set_config('search_path', {}, true)",
        quote_literal(&path)
    )
}

/// The same, set to nothing.
pub(crate) fn empty_claims(carriers: &[Carrier]) -> Vec<String> {
    let set =
        |name: &str, value: &str| format!("SELECT set_config({}, '{value}', true)", quote_literal(name));
    let one = |carrier: &Carrier| match carrier {
        Carrier::Setting { name, .. } => Some(set(name, "")),
        Carrier::Json { name, .. } => Some(set(name, "{}")),
        // Nobody's path is that of the session.
        Carrier::CurrentUser { .. } | Carrier::SearchPath { .. } => None,
    };
    carriers.iter().filter_map(one).collect()
}

fn value(claim: &Claim, name: &str, identity: &Identity, role: &str) -> Option<String> {
    match claim {
        Claim::Tenant => identity.tenant.clone().or_else(|| identity.user.clone()),
        Claim::User if name.to_lowercase().contains("email") => {
            identity.email.clone().or_else(|| identity.user.clone())
        }
        Claim::User => identity.user.clone().or_else(|| identity.tenant.clone()),
        Claim::Role => Some(role.to_owned()),
        Claim::Token(token) => identity.token(token),
        Claim::Text(text) => Some(filled(text, identity, role, |value| value.to_owned())),
        Claim::Json(text) => Some(filled(text, identity, role, |value| {
            // Between the quotes that stand in the template already.
            let text = json_text(value);
            text.get(1..text.len() - 1).unwrap_or("").to_owned()
        })),
    }
}

/// A template with its words replaced.
fn filled(text: &str, identity: &Identity, role: &str, written: impl Fn(&str) -> String) -> String {
    let words = [("{tenant}", Claim::Tenant), ("{user}", Claim::User), ("{role}", Claim::Role)];
    let mut out = text.to_owned();
    for (word, claim) in words.into_iter().filter(|(word, _)| text.contains(word)) {
        out = out.replace(word, &written(&value(&claim, "", identity, role).unwrap_or_default()));
    }
    out
}

#[derive(Default)]
struct Node {
    /// As JSON.
    value: Option<String>,
    children: Vec<(String, Node)>,
}

fn json(keys: &[(Vec<String>, Claim)], identity: &Identity, role: &str) -> String {
    let mut top = Node::default();
    for (path, claim) in keys {
        let mut node = &mut top;
        for part in path {
            let at = node.children.iter().position(|(name, _)| name == part).unwrap_or_else(|| {
                node.children.push((part.clone(), Node::default()));
                node.children.len() - 1
            });
            let Some((_, child)) = node.children.get_mut(at) else { break };
            node = child;
        }
        let value = value(claim, &path.join("."), identity, role);
        node.value = match claim {
            Claim::Json(_) => value,
            _ => value.as_deref().map(json_text),
        };
    }
    written(&top)
}

fn written(node: &Node) -> String {
    if node.children.is_empty() {
        return node.value.clone().unwrap_or_else(|| "null".to_owned());
    }
    let parts: Vec<String> = node
        .children
        .iter()
        .map(|(name, child)| format!("{}: {}", json_text(name), written(child)))
        .collect();
    format!("{{{}}}", parts.join(", "))
}

/// A text as JSON writes it.
pub(crate) fn json_text(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Settings that hold something, or nothing, in this session already: they can no longer be tried as never set.
pub(crate) fn touched(session: &mut Session<'_>, carriers: &[Carrier]) -> Result<Vec<String>, SqlError> {
    let mut out = Vec::new();
    for carrier in carriers {
        if let Carrier::Setting { name, .. } | Carrier::Json { name, .. } = carrier {
            let answer = session.run(&format!("SELECT current_setting({}, true)", quote_literal(name)))?;
            if answer.first().is_some() {
                out.push(name.clone());
            }
        }
    }
    Ok(out)
}
