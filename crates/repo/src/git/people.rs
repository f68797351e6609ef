//! Who wrote what, and who is at the keyboard.

use super::run::{one_line, text_of};
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

    /// Whoever first committed a file, by following its renames; none for a file that was never
    /// committed. In a shallow clone it is the author of the oldest commit at hand.
    pub fn author_of(&self, path: &str) -> Result<Option<Person>, GitError> {
        if self.head()?.is_none() {
            return Ok(None);
        }
        let path = self.outside(path);
        let format = "--format=tformat:%an <%ae>";
        let arguments =
            ["log", "--follow", "-M", "--no-notes", "--encoding=UTF-8", "-s", format, "--", &path];
        let ended = self.output(&arguments)?;
        Ok(text_of(&ended.output).lines().last().and_then(Person::parse))
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
