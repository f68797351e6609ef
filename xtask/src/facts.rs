//! Compares what trueup reads out of specs with what a person read out of them.
//!
//! The folder of expectations holds one JSON file per spec. Each names its spec (`spec`: path below the
//! folder of specs) and lists what a reader found: `entities` (`name`, `fields`, `kind`), `types`,
//! `endpoints` (`method`, `path`), `commands`, `events` and `consumed_events` (`id`; an optional `status` of
//! `mentioned-only` neither counts as missed nor as wrong), `risks` (`title`, `severity`, `keys_present`),
//! `compliance_rows` (`source`, `rule`, `status`), `consistency_checks` (`check`, `status`), `verdict`
//! (`class`), `changelog` (`date`), `file_manifest` (`path`, `action`), `i18n_keys`, and `phases` (`title`,
//! `steps`: how many). A list that is not there is not compared.

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use trueup_engine::{OpenOptions, Workspace};

/// What was compared of one kind.
#[derive(Default)]
struct Score {
    expected: usize,
    found: usize,
    both: usize,
}

/// A list of comparable texts; the optional ones count neither way.
#[derive(Default)]
struct Side {
    texts: Vec<String>,
    optional: Vec<String>,
}

/// Compares, prints every difference and the figures of each kind.
pub fn run(expectations: &str, specs: &str) -> Result<(), String> {
    let workspace = Workspace::open(Path::new(specs), &OpenOptions::default()).map_err(|e| e.to_string())?;
    let mut files: Vec<std::path::PathBuf> = std::fs::read_dir(expectations)
        .map_err(|e| format!("{expectations}: {e}"))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(format!("{expectations} holds no JSON file"));
    }
    let mut scores: BTreeMap<&'static str, Score> = BTreeMap::new();
    for file in &files {
        let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
        let expected: Value = serde_json::from_str(&text).map_err(|e| format!("{}: {e}", file.display()))?;
        let name = expected["spec"].as_str().unwrap_or_default();
        let mut paths = workspace.corpus.heads().iter().map(|head| head.path.as_ref());
        let path = paths
            .find(|path| path.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('/')))
            .ok_or_else(|| format!("{}: there is no spec {name}", file.display()))?;
        let read = workspace.read_file(path).ok_or_else(|| format!("{path} cannot be read"))?;
        let found = trueup_render::spec_values(&read, "");
        let found = found.first().ok_or_else(|| format!("{path} is no spec"))?;
        println!("{name}");
        for kind in KINDS {
            if let Some((want, have)) = (kind.1)(&expected, found) {
                compare(kind.0, want, have, scores.entry(kind.0).or_default());
            }
        }
    }
    print_scores(&scores);
    Ok(())
}

fn compare(kind: &str, want: Side, have: Side, score: &mut Score) {
    let mut left = have.texts;
    let mut missed = Vec::new();
    for text in want.texts {
        score.expected += 1;
        match left.iter().position(|other| *other == text) {
            Some(at) => {
                left.remove(at);
                score.both += 1;
                score.found += 1;
            }
            None => missed.push(text),
        }
    }
    left.retain(|text| !want.optional.contains(text) && !have.optional.contains(text));
    score.found += left.len();
    for text in missed {
        println!("  {kind:12} missed  {text}");
    }
    for text in left {
        println!("  {kind:12} wrong   {text}");
    }
}

fn print_scores(scores: &BTreeMap<&'static str, Score>) {
    println!(
        "\n{:12} {:>8} {:>8} {:>8} {:>8} {:>9}",
        "kind", "expected", "found", "both", "recall", "precision"
    );
    let mut all = Score::default();
    for (kind, score) in scores {
        print_score(kind, score);
        all.expected += score.expected;
        all.found += score.found;
        all.both += score.both;
    }
    print_score("all", &all);
}

fn print_score(kind: &str, score: &Score) {
    let share = |part: usize, whole: usize| match whole {
        0 => "–".to_owned(),
        whole => format!("{:.1} %", 100.0 * part as f64 / whole as f64),
    };
    let recall = share(score.both, score.expected);
    let precision = share(score.both, score.found);
    println!(
        "{kind:12} {:>8} {:>8} {:>8} {recall:>8} {precision:>9}",
        score.expected, score.found, score.both
    );
}

type Sides = fn(&Value, &Value) -> Option<(Side, Side)>;

const KINDS: &[(&str, Sides)] = &[
    ("entities", |want, have| sides(want, "entities", have, "entities", |e| vec![text(&e["name"])])),
    ("entity kinds", |want, have| {
        let of = |e: &Value| vec![format!("{} {}", text(&e["name"]), text(&e["kind"]))];
        sides(want, "entities", have, "entities", of)
    }),
    ("fields", |want, have| sides(want, "entities", have, "entities", fields)),
    ("types", |want, have| sides(want, "types", have, "types", |t| vec![text(&t["name"])])),
    ("endpoints", |want, have| {
        sides(want, "endpoints", have, "endpoints", |e| {
            vec![format!("{} {}", text(&e["method"]), route(&e["path"]))]
        })
    }),
    ("commands", |want, have| sides(want, "commands", have, "commands", |c| vec![text(&c["id"])])),
    ("events", |want, have| sides(want, "events", have, "events", |e| vec![text(&e["id"])])),
    ("consumed", |want, have| {
        sides(want, "consumed_events", have, "consumed_events", |e| vec![text(&e["id"])])
    }),
    ("risks", |want, have| {
        sides(want, "risks", have, "risks", |r| {
            vec![format!("{} [{}]", text(&r["title"]), text(&r["severity"]))]
        })
    }),
    ("risk keys", |want, have| sides(want, "risks", have, "risks", risk_keys)),
    ("rows", |want, have| {
        let of = |r: &Value| {
            vec![format!("{} | {} | {}", text(&r["source"]), text(&r["rule"]), text(&r["status"]))]
        };
        sides(want, "compliance_rows", &have["compliance"], "rows", of)
    }),
    ("checks", |want, have| {
        let of = |c: &Value| vec![format!("{} | {}", text(&c["check"]), text(&c["status"]))];
        sides(want, "consistency_checks", &have["compliance"], "checks", of)
    }),
    ("verdict", |want, have| {
        let want = want.get("verdict")?;
        let side = |class: &Value| Side {
            texts: class.as_str().map(str::to_owned).into_iter().collect(),
            ..Side::default()
        };
        Some((side(&want["class"]), side(&have["compliance"]["verdict"]["class"])))
    }),
    ("changelog", |want, have| sides(want, "changelog", have, "changelog", |c| vec![text(&c["date"])])),
    ("manifest", |want, have| {
        let of = |m: &Value| vec![format!("{} {}", text(&m["action"]), file(&m["path"]))];
        sides(want, "file_manifest", have, "manifest", of)
    }),
    ("i18n keys", |want, have| {
        sides(want, "i18n_keys", have, "i18n_keys", |k| vec![text(if k.is_string() { k } else { &k["key"] })])
    }),
    ("phases", |want, have| {
        let steps =
            |p: &Value| p["steps"].as_u64().unwrap_or(p["steps"].as_array().map_or(0, |s| s.len() as u64));
        sides(want, "phases", have, "phases", |p| vec![format!("{} ({} steps)", text(&p["title"]), steps(p))])
    }),
];

fn sides(
    want: &Value,
    want_key: &str,
    have: &Value,
    have_key: &str,
    of: impl Fn(&Value) -> Vec<String>,
) -> Option<(Side, Side)> {
    let wanted = want.get(want_key)?.as_array()?;
    let side = |items: &[Value]| {
        let mut side = Side::default();
        for item in items {
            let soft = ["mentioned-only", "mentioned"].contains(&item["status"].as_str().unwrap_or_default());
            let list = if soft { &mut side.optional } else { &mut side.texts };
            list.extend(of(item));
        }
        side
    };
    Some((side(wanted), side(have[have_key].as_array().map_or(&[][..], Vec::as_slice))))
}

/// Words alone: no marks, one space apart.
fn text(value: &Value) -> String {
    words(&value.as_str().unwrap_or_default().replace(['`', '*'], ""))
}

/// The path of a file: the stars of a glob are no marks.
fn file(value: &Value) -> String {
    words(&value.as_str().unwrap_or_default().replace('`', ""))
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A path without query, its parameters all alike.
fn route(value: &Value) -> String {
    let path = text(value);
    let path = path.split('?').next().unwrap_or_default().trim_end_matches('/');
    let part = |part: &str| match part.starts_with([':', '{', '[', '<']) {
        true => "{}".to_owned(),
        false => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn fields(entity: &Value) -> Vec<String> {
    let name = text(&entity["name"]);
    let fields = entity["fields"].as_array().map_or(&[][..], Vec::as_slice);
    fields.iter().map(|f| format!("{name}.{}", text(if f.is_string() { f } else { &f["name"] }))).collect()
}

fn risk_keys(risk: &Value) -> Vec<String> {
    let keys = risk.get("keys_present").or_else(|| risk.get("keys")).and_then(Value::as_array);
    let keys = keys.map_or(&[][..], Vec::as_slice);
    keys.iter().map(|key| format!("{}: {}", text(&risk["title"]), text(key).to_lowercase())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn misses_and_inventions_are_counted() {
        let want =
            json!({"endpoints": [{"method": "GET", "path": "/a/:id?x=1"}, {"method": "PUT", "path": "/b"}]});
        let have =
            json!({"endpoints": [{"method": "GET", "path": "/a/{id}"}, {"method": "GET", "path": "/c"}]});
        let (_, of) = KINDS.iter().find(|(name, _)| *name == "endpoints").unwrap();
        let (want, have) = of(&want, &have).unwrap();
        let mut score = Score::default();
        compare("endpoints", want, have, &mut score);
        assert_eq!((score.expected, score.found, score.both), (2, 2, 1));
    }

    #[test]
    fn what_is_only_mentioned_counts_neither_way() {
        let want = json!({"events": [{"id": "a.b.c", "status": "mentioned-only"}]});
        let (_, of) = KINDS.iter().find(|(name, _)| *name == "events").unwrap();
        for have in [json!({"events": []}), json!({"events": [{"id": "a.b.c", "status": "new"}]})] {
            let (want, have) = of(&want, &have).unwrap();
            let mut score = Score::default();
            compare("events", want, have, &mut score);
            assert_eq!((score.expected, score.found), (0, 0));
        }
    }
}
