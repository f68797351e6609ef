//! `trueup init`

use crate::config_text::config_text;
use crate::context::{self, Context};
use crate::failure::{Exit, Failure};
use crate::words::{count, listed, shortened};
use trueup_engine::{
    CONFIG_FILE, Config, FileRole, LearnedConfig, OpenOptions, SetConfig, Workspace, shown_folder,
};

/// Examples that are shown of what was learned.
const EXAMPLES: usize = 3;
/// Characters of an example.
const EXAMPLE_LENGTH: usize = 72;

/// Find the specs and templates of this repository and write trueup.toml
#[derive(Debug, clap::Args)]
pub(crate) struct Init {
    /// Print the configuration and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Look again although there is a trueup.toml: its sets of specs are replaced, the rest stays
    #[arg(long)]
    force: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Init, context: &Context) -> Result<Exit, Failure> {
    let root = trueup_repo::find_root(&context.folder).path;
    let old = context::config_text(&root)?;
    if old.is_some() && !args.force && !args.dry_run {
        return Err(Failure::new(format!("there is a {CONFIG_FILE} already at {}", root.display()))
            .help("`trueup init --force` looks again and replaces its sets of specs; its other tables stay")
            .help("`trueup template learn --write` only measures the specs again"));
    }
    let workspace =
        context.open(OpenOptions { config: Some(Config::default()), ..OpenOptions::default() })?;
    if workspace.sets.is_empty() {
        return Err(nothing(&workspace));
    }
    let sets: Vec<SetConfig> = workspace.sets.iter().map(|set| set.config.clone()).collect();
    let text = text(&sets, old.as_deref(), context)?;
    let found = describe(&workspace, context);
    if args.dry_run {
        context.terminal.note(&found);
        context.terminal.print(&text)?;
        return Ok(Exit::Clean);
    }
    trueup_repo::write_atomically(&root.join(CONFIG_FILE), text.as_bytes())?;
    let wrote = format!("\nWrote {CONFIG_FILE}. Look at it, commit it, and run `trueup check`.\n");
    context.terminal.print(&(found + &wrote))?;
    Ok(Exit::Clean)
}

/// The text of the new configuration; read back before it is written, since a broken one locks everybody out.
fn text(sets: &[SetConfig], old: Option<&str>, context: &Context) -> Result<String, Failure> {
    let mut text = config_text(sets);
    if let Some(rest) = old.and_then(other_tables) {
        text = text.split("\n# A rule's level").next().unwrap_or(&text).to_owned();
        text.push_str(&format!("\n{}", rest.trim_start()));
    }
    let read = Config::parse(&text, &context.rule_names());
    match read {
        Ok(config) if config.specs == sets => Ok(text),
        // The old tables were wrong: they are not carried over.
        _ if old.is_some() => self::text(sets, None, context),
        _ => panic!("the configuration that init made cannot be read back:\n{text}"),
    }
}

/// The tables of a configuration that say nothing about where specs are.
fn other_tables(text: &str) -> Option<String> {
    let mut document: toml_edit::DocumentMut = text.parse().ok()?;
    document.remove("specs");
    let rest = document.to_string();
    (document.iter().count() > 0).then_some(rest)
}

/// What discovery found, for people.
fn describe(workspace: &Workspace, context: &Context) -> String {
    let mut out = String::new();
    for (index, set) in workspace.sets.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let heading = format!("Specs written from {}", set.config.template);
        out.push_str(&format!("{}\n", context.terminal.bold(&heading)));
        folders(workspace, index, &mut out);
        learned(&set.config.learned, &mut out);
    }
    if let Some(discovery) = &workspace.discovery {
        let unused: Vec<&String> = discovery
            .templates
            .iter()
            .filter(|t| workspace.sets.iter().all(|s| s.config.template != **t))
            .collect();
        if !unused.is_empty() {
            out.push_str(&format!("\n{}\n", context.terminal.bold("Templates that no folder follows")));
            unused.iter().for_each(|template| out.push_str(&format!("  {template}\n")));
        }
    }
    out
}

/// Specs and companions below each folder of a set.
fn folders(workspace: &Workspace, index: usize, out: &mut String) {
    let set = &workspace.sets[index].config;
    let in_folder = |folder: &str, role: FileRole| {
        let heads = workspace.corpus.heads().iter();
        heads.filter(|h| crate::paths::is_within(&h.path, folder) && workspace.role(&h.path) == role).count()
    };
    let width = set.folders.iter().map(|folder| shown_folder(folder).len()).max().unwrap_or_default();
    for folder in &set.folders {
        let specs = count(in_folder(folder, FileRole::Spec(index)), "spec", "specs");
        let companions = in_folder(folder, FileRole::Companion(index));
        let companions = count(
            companions,
            "companion (only its links are checked)",
            "companions (only their links are checked)",
        );
        out.push_str(&format!("  {:width$}  {specs}, {companions}\n", shown_folder(folder)));
    }
    if let Some(document) = &set.document {
        out.push_str(&format!("  every spec is a folder with {document}"));
        out.push_str(&set.sidecar.as_ref().map_or("\n".to_owned(), |sidecar| format!(" and {sidecar}\n")));
    }
    if !set.exclude.is_empty() {
        out.push_str(&format!("  not specs, by their titles: {}\n", listed(&set.exclude, "and")));
    }
}

/// What the specs themselves taught, with examples.
pub(crate) fn learned(learned: &LearnedConfig, out: &mut String) {
    if learned.documents == 0 {
        return;
    }
    let sentences = &learned.boilerplate;
    let constants: Vec<String> =
        learned.constants.iter().map(|(place, value)| format!("{place} is {value}")).collect();
    let values: Vec<String> =
        learned.values.iter().map(|(place, words)| format!("{place}: {}", listed(words, "and"))).collect();
    let groups = [
        (count(sentences.len(), "sentence", "sentences"), "of the template, word for word", sentences),
        (count(constants.len(), "value", "values"), "of the template, as they are", &constants),
        (count(values.len(), "field", "fields"), "with values beside the template's choices", &values),
    ];
    let measured = count(learned.documents, "spec", "specs");
    if groups.iter().all(|(.., examples)| examples.is_empty()) {
        out.push_str(&format!("  measured {measured}: they keep to the template's own choices\n"));
        return;
    }
    out.push_str(&format!("  measured {measured}; most of them have\n"));
    for (number, what, examples) in groups.iter().filter(|(.., examples)| !examples.is_empty()) {
        out.push_str(&format!("    {number} {what}\n"));
        for example in examples.iter().take(EXAMPLES) {
            out.push_str(&format!("      {}\n", shortened(example, EXAMPLE_LENGTH)));
        }
        if examples.len() > EXAMPLES {
            out.push_str(&format!("      and {} more\n", examples.len() - EXAMPLES));
        }
    }
}

fn nothing(workspace: &Workspace) -> Failure {
    let files = count(workspace.corpus.heads().len(), "Markdown file", "Markdown files");
    let mut message = format!("no specs were found among {files} below {}", workspace.root.display());
    let templates = workspace.discovery.iter().flat_map(|discovery| &discovery.templates);
    for template in templates {
        message.push_str(&format!(
            "\n  {template} looks like a template, and no folder holds three files with three of its titles"
        ));
    }
    Failure::new(message)
        .help("`trueup new TITLE --template builtin:governance` makes a first spec from a built-in template")
        .help("`trueup check --explain-discovery` says for each folder why it holds none")
}
