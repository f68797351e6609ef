use crate::context::FileCx;
use crate::level::Levels;
use crate::sink::Sink;

/// Which files a rule looks at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Applies {
    /// Specs only.
    Specs,
    /// Specs and the documents beside them.
    AllFiles,
    /// None: the engine reports it, since it concerns a file that cannot be parsed or the check itself.
    Engine,
}

/// A rule: its name, its page and its function.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Says the problem, in kebab case.
    pub name: &'static str,
    /// The group that its files lie in.
    pub group: &'static str,
    /// One sentence: what it finds.
    pub summary: &'static str,
    /// Its page in Markdown; the examples in it are run as tests.
    pub page: &'static str,
    /// Its levels without configuration.
    pub levels: Levels,
    /// Which files it looks at.
    pub applies: Applies,
    /// Looks at one file and reports what it finds.
    pub check: fn(&FileCx<'_>, &mut Sink),
}

/// Declares a rule: a public static next to its `check` function.
///
/// ```ignore
/// declare_rule! {
///     BROKEN_LINK = "broken-link" in "links", page "broken_link.md",
///     "a relative link leads to nothing",
///     AllFiles, Levels::ERROR, check
/// }
/// ```
#[macro_export]
macro_rules! declare_rule {
    ($id:ident = $name:literal in $group:literal, page $page:literal, $summary:literal, $applies:ident, $levels:expr, $check:path) => {
        #[doc = $summary]
        pub static $id: $crate::Rule = $crate::Rule {
            name: $name,
            group: $group,
            summary: $summary,
            page: include_str!($page),
            levels: $levels,
            applies: $crate::Applies::$applies,
            check: $check,
        };
    };
}

/// The rules that an engine runs, as a value.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    rules: Vec<&'static Rule>,
}

impl Registry {
    /// A registry of rules, sorted by name.
    pub fn new(rules: impl IntoIterator<Item = &'static Rule>) -> Registry {
        let mut rules: Vec<&'static Rule> = rules.into_iter().collect();
        rules.sort_by_key(|rule| rule.name);
        Registry { rules }
    }

    /// All rules by name.
    pub fn rules(&self) -> &[&'static Rule] {
        &self.rules
    }

    /// A rule by its name.
    pub fn get(&self, name: &str) -> Option<&'static Rule> {
        self.rules.iter().copied().find(|rule| rule.name == name)
    }
}
