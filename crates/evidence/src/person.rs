//! Who somebody is, as git has it.

use crate::Person;
use std::path::Path;
use std::process::{Command, Stdio};

impl Person {
    /// The person that git would name as the author of a commit in a folder; none where git does not know.
    pub fn of_git(folder: &Path) -> Option<Person> {
        let output = Command::new("git")
            .arg("-C")
            .arg(folder)
            .args(["var", "GIT_AUTHOR_IDENT"])
            .stdin(Stdio::null())
            .output()
            .ok()?;
        let text = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
        Person::parse(text.rsplit_once('>').map_or(text.as_str(), |(front, _)| front))
    }

    /// A person written as `Name <address>`, or as either of them alone.
    pub fn parse(text: &str) -> Option<Person> {
        let (name, email) = match text.split_once('<') {
            Some((name, email)) => (name.trim(), email.trim().trim_end_matches('>').trim()),
            None if text.contains('@') => ("", text.trim()),
            None => (text.trim(), ""),
        };
        let name = if name.is_empty() { email } else { name };
        (!name.is_empty()).then(|| Person { name: name.to_owned(), email: email.to_owned() })
    }
}
