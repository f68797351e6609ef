//! Who wrote what, and who is at the keyboard.

use super::run::one_line;
use super::{Git, GitError};

/// Somebody, as git names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The e-mail address, without the angle brackets.
    pub email: String,
}

impl std::fmt::Display for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} <{}>", self.name, self.email)
    }
}

/// Whoever first committed a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    /// This person.
    Known(Person),
    /// The file was never committed.
    Nobody,
    /// The history was cut when cloning, and the commit that began the file is not at hand.
    Cut,
}

impl Person {
    /// Reads `NAME <EMAIL>` and what may follow; none where that form is not there.
    pub fn parse(text: &str) -> Option<Person> {
        let (name, rest) = text.split_once('<')?;
        let (email, _) = rest.rsplit_once('>')?;
        let (name, email) = (name.trim(), email.trim());
        let sound = !email.is_empty() && !email.contains(['<', '>']);
        sound.then(|| Person { name: name.to_owned(), email: email.to_owned() })
    }
}

impl Git {
    /// Whoever would be the author of a commit made now: `GIT_AUTHOR_NAME` and `GIT_AUTHOR_EMAIL`, else
    /// the configuration. The error is git's own advice where it does not know.
    pub fn user(&self) -> Result<Person, GitError> {
        let ended = self.output(&["var", "GIT_AUTHOR_IDENT"])?;
        let line = one_line(&ended.output);
        Person::parse(&line).ok_or_else(|| GitError::Unreadable {
            command: "var GIT_AUTHOR_IDENT".to_owned(),
            what: format!("`{line}` names nobody"),
        })
    }

    /// Whoever first committed a file, by following its renames and no copies: what a file was made from
    /// is another file.
    pub fn author_of(&self, path: &str) -> Result<Author, GitError> {
        let Some(first) = self.revisions(None, path)?.pop() else { return Ok(Author::Nobody) };
        Ok(match self.is_cut_at(&first.commit.id) {
            true => Author::Cut,
            false => Author::Known(first.commit.author),
        })
    }

    /// Whether a shallow clone ends at a commit, so that everything in it seems to begin there. Starts no
    /// process.
    fn is_cut_at(&self, commit: &str) -> bool {
        let told = std::fs::read_to_string(self.common.join("shallow")).unwrap_or_default();
        told.lines().any(|line| line.trim() == commit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_read() {
        let check = |text: &str, person: Option<(&str, &str)>| {
            let read = Person::parse(text);
            assert_eq!(read.as_ref().map(|p| (p.name.as_str(), p.email.as_str())), person, "{text:?}");
        };
        check("Ada L. <ada@example.org> 1234 +0100", Some(("Ada L.", "ada@example.org")));
        check(" <a@b>", Some(("", "a@b")));
        check("Ada", None);
        check("Ada <>", None);
        check("><", None);
    }
}
