/// A language of source files.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Language {
    /// JavaScript, with or without JSX.
    JavaScript,
    /// TypeScript.
    TypeScript,
    /// TypeScript with JSX.
    Tsx,
    /// Python.
    Python,
    /// Ruby.
    Ruby,
    /// Go.
    Go,
    /// Rust.
    Rust,
    /// SQL.
    Sql,
    /// Prisma's schema language.
    Prisma,
    /// JSON.
    Json,
    /// YAML.
    Yaml,
    /// Any other text that is looked at (`.env.example`, `.properties`, `.po`, `.feature`).
    Text,
    /// Not looked at.
    Other,
}

impl Language {
    /// The language of a path.
    pub fn of(path: &str) -> Language {
        let name = path.rsplit('/').next().unwrap_or(path);
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        match ending {
            "js" | "cjs" | "mjs" | "jsx" => Language::JavaScript,
            "ts" | "cts" | "mts" => Language::TypeScript,
            "tsx" => Language::Tsx,
            "py" => Language::Python,
            "rb" => Language::Ruby,
            "go" => Language::Go,
            "rs" => Language::Rust,
            "sql" => Language::Sql,
            "prisma" => Language::Prisma,
            "json" | "arb" => Language::Json,
            "yaml" | "yml" => Language::Yaml,
            "properties" | "po" | "feature" => Language::Text,
            _ if name == ".env" || name.starts_with(".env.") || ending == "env" => Language::Text,
            _ => Language::Other,
        }
    }

    /// Its name in output.
    pub fn name(self) -> &'static str {
        match self {
            Language::JavaScript => "JavaScript",
            Language::TypeScript | Language::Tsx => "TypeScript",
            Language::Python => "Python",
            Language::Ruby => "Ruby",
            Language::Go => "Go",
            Language::Rust => "Rust",
            Language::Sql => "SQL",
            Language::Prisma => "Prisma",
            Language::Json => "JSON",
            Language::Yaml => "YAML",
            Language::Text | Language::Other => "text",
        }
    }
}

/// Whether a file of this path can hold a fact about the code at all.
pub fn wanted(path: &str) -> bool {
    Language::of(path) != Language::Other
}
