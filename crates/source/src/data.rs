//! Files that are data: JSON, YAML, lists of variables, Gherkin.

mod gherkin;

use crate::document::Document;
use crate::javascript::{is_name, is_variable};
use crate::languages::LanguageReader;
use crate::{FileFacts, Language, Options, SourceFile, locales};
use std::ops::Range;
use trueup_codebase::{NameUse, Use};

/// Reads them.
pub(crate) struct Reader;

impl LanguageReader for Reader {
    fn may_hold(&self, file: &SourceFile<'_>, options: &Options) -> bool {
        match file.language {
            Language::Text => true,
            _ => locales::may_be(file, options) || may_list(file) || may_define(file),
        }
    }

    fn read(&self, file: &SourceFile<'_>, options: &Options, out: &mut FileFacts) {
        out.locale = locales::read(file, options);
        if file.language == Language::Text {
            match file.path.rsplit('.').next() {
                Some("feature") => gherkin::read(file, &mut out.tests),
                Some("po" | "properties") => {}
                _ => variables(file, &mut out.env_vars),
            }
            return;
        }
        if out.locale.is_some() || !may_list(file) && !may_define(file) {
            return;
        }
        for document in Document::parse_all(file.text, file.language == Language::Json) {
            if may_list(file) {
                listed(file, &document, &mut out.env_vars);
            }
            if may_define(file) {
                defined(file, &document, &mut out.flags);
            }
        }
    }
}

/// Whether a file may list variables: Compose, Kubernetes, workflows.
fn may_list(file: &SourceFile<'_>) -> bool {
    file.has_any(&["environment", "env:", "\"env\"", "ConfigMap"])
}

/// Whether a file may define flags.
fn may_define(file: &SourceFile<'_>) -> bool {
    file.has_any(&["flags", "features"])
        && file.has_any(&["variants", "\"state\"", "state:", "strategies", "enabled"])
}

/// `KEY=value` and `export KEY=value`, a line each.
fn variables(file: &SourceFile<'_>, out: &mut Vec<NameUse>) {
    let mut at = 0;
    for line in file.text.split_inclusive('\n') {
        let bare = line.trim_start();
        let text = bare.strip_prefix("export ").unwrap_or(bare);
        let start = at + (line.len() - text.len());
        at += line.len();
        let Some((name, _)) = text.split_once('=') else { continue };
        let name = name.trim_end();
        if is_variable(name) {
            out.push(file.name_use(name, Use::Declared, start..start + name.len()));
        }
    }
}

/// `environment:` as a mapping or a list, `env:` likewise, and the data of a `ConfigMap`.
fn listed(file: &SourceFile<'_>, document: &Document, out: &mut Vec<NameUse>) {
    for at in document.all() {
        let is_map = document.text_of(at, "kind").is_some_and(|kind| matches!(kind, "ConfigMap" | "Secret"));
        for (key, _, value) in document.entries(at) {
            let holds = matches!(key.as_str(), "environment" | "env")
                || is_map && matches!(key.as_str(), "data" | "stringData");
            if holds {
                names(file, document, *value, out);
            }
        }
    }
}

fn names(file: &SourceFile<'_>, document: &Document, at: usize, out: &mut Vec<NameUse>) {
    let mut add = |name: &str, range: Range<usize>| {
        if is_variable(name) {
            out.push(file.name_use(name, Use::Declared, range));
        }
    };
    for (name, range, _) in document.entries(at) {
        add(name, range.clone());
    }
    for item in document.list(at) {
        // `- KEY=value`, `- KEY` and `- name: KEY`.
        if let Some(text) = document.text(*item) {
            add(text.split('=').next().unwrap_or(text), document.range(*item));
        } else if let Some(value) = document.get(*item, "name") {
            document.text(value).into_iter().for_each(|name| add(name, document.range(value)));
        }
    }
}

/// Definitions of flags: flagd's mapping, and lists of features with names.
fn defined(file: &SourceFile<'_>, document: &Document, out: &mut Vec<NameUse>) {
    let root = document.root();
    let mut add = |name: &str, range: Range<usize>| {
        if is_name(name) {
            out.push(file.name_use(name, Use::Declared, range));
        }
    };
    let says = |at: usize| {
        ["state", "variants", "defaultVariant", "strategies"]
            .iter()
            .any(|key| document.get(at, key).is_some())
    };
    for key in ["flags", "features"] {
        let Some(at) = document.get(root, key) else { continue };
        for (name, range, _) in document.entries(at).iter().filter(|(.., value)| says(*value)) {
            add(name, range.clone());
        }
        for item in
            document.list(at).iter().filter(|item| says(**item) || document.get(**item, "enabled").is_some())
        {
            if let Some(value) = document.get(*item, "name").or_else(|| document.get(*item, "key")) {
                document.text(value).into_iter().for_each(|name| add(name, document.range(value)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::{facts, mutated};
    use proptest::prelude::*;

    fn check(path: &str, text: &str, expected: &[&str]) {
        let facts = facts(path, text);
        let found: Vec<&str> =
            facts.env_vars.iter().chain(&facts.flags).map(|use_| use_.name.as_str()).collect();
        assert_eq!(found, expected, "{path}\n{text}");
    }

    const COMPOSE: &str = "services:\n  web:\n    environment:\n      - ORDER_LIMIT=3\n      - PLAIN\n      - lower=1\n  db:\n    environment:\n      DB_NAME: x\n";

    #[test]
    fn variables() {
        check(
            ".env.example",
            "# X=1\nDB_URL=postgres://x?a=b\nexport API_KEY=\n\nlower=1\n  PORT = 3\n",
            &["DB_URL", "API_KEY", "PORT"],
        );
        check("compose.yaml", COMPOSE, &["ORDER_LIMIT", "PLAIN", "DB_NAME"]);
        check(
            "k8s.yaml",
            "kind: Deployment\nspec:\n  containers:\n    - env:\n        - name: LOG_LEVEL\n          value: x\n---\nkind: ConfigMap\ndata:\n  CACHE_URL: x\n  app.conf: y\n",
            &["LOG_LEVEL", "CACHE_URL"],
        );
        check("task.json", r#"{"environment": [{"name": "A_B", "value": "x"}]}"#, &["A_B"]);
    }

    #[test]
    fn flags() {
        check(
            "flags.json",
            r#"{"flags": {"new-checkout": {"state": "ENABLED", "variants": {"on": true}}, "x": 1}}"#,
            &["new-checkout"],
        );
        check(
            "features.yml",
            "features:\n  - name: beta-search\n    enabled: true\n  - other: 1\n",
            &["beta-search"],
        );
        check("package.json", r#"{"features": {"a": {"enabled": 1}}}"#, &[]);
    }

    proptest! {
        #[test]
        fn odd_files(seeds in prop::collection::vec((any::<usize>(), any::<u8>()), 0..12)) {
            facts("compose.yaml", &mutated(COMPOSE, &seeds));
            facts("a.json", &mutated(r#"{"flags": {"new-checkout": {"state": "E"}}, "env": ["A_B=1"]}"#, &seeds));
            facts(".env", &mutated("A=1\nexport B_C=2\n", &seeds));
        }
    }
}
