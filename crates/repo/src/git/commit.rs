//! Making one commit.

use super::run::{one_line, parts, text_of};
use super::{ChangeKind, Git, GitError};

/// A file that git ignores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// Its path from the top of the work tree.
    pub path: String,
    /// The pattern that makes git ignore it.
    pub pattern: String,
    /// Where that pattern stands: `.gitignore:3`.
    pub by: String,
}

impl Git {
    /// Commits exactly these files as they are in the work tree (new, changed or gone) and gives the
    /// name of the commit. Hooks run; whatever else is staged stays staged. Where git or a hook refuses,
    /// nothing has changed and the error says why.
    pub fn commit(&self, paths: &[String], message: &str) -> Result<String, GitError> {
        let own: Vec<String> = paths.iter().map(|path| self.outside(path)).collect();
        let unknown = self.unknown(&own)?;
        // Git commits by path only what it knows.
        self.for_paths(&["add", "--intent-to-add"], &unknown)?;
        let subject = format!("--message={message}");
        let made = self.for_paths(&["commit", "--quiet", "--cleanup=whitespace", &subject, "--only"], &own);
        if let Err(error) = made {
            // What was announced is forgotten again; a failure here changes no content.
            let _ = self.for_paths(&["rm", "--cached", "--quiet", "--ignore-unmatch"], &unknown);
            return Err(error);
        }
        let head = self.output(&["rev-parse", "HEAD"])?;
        Ok(one_line(&head.output))
    }

    /// The first of some files that git ignores, with the pattern and the file where it stands; none of them
    /// where git knows them all or would take them up. A file that git knows already is not ignored.
    pub fn ignored(&self, paths: &[&str]) -> Result<Option<Ignored>, GitError> {
        let own: Vec<String> = paths.iter().map(|path| self.outside(path)).collect();
        if own.is_empty() {
            return Ok(None);
        }
        let input = own.join("\0");
        let ended = self
            .run()
            .with_plain_paths()
            .ask_with(&["check-ignore", "--verbose", "-z", "--stdin"], input.as_bytes())?;
        match ended.code {
            Some(0) => {}
            Some(1) => return Ok(None),
            _ => return Err(ended.failed("check-ignore")),
        }
        let fields: Vec<String> = parts(&ended.output).map(text_of).collect();
        Ok(fields.chunks_exact(4).find_map(|entry| match entry {
            [file, line, pattern, path] if !pattern.starts_with('!') => {
                Some(Ignored { path: path.clone(), pattern: pattern.clone(), by: format!("{file}:{line}") })
            }
            _ => None,
        }))
    }

    /// Those of the paths (from the top) that are in the work tree and that git does not know.
    fn unknown(&self, paths: &[String]) -> Result<Vec<String>, GitError> {
        let new = self.status()?.into_iter().filter(|change| change.kind == ChangeKind::Added);
        let new: Vec<String> = new.map(|change| self.outside(&change.path)).collect();
        let known = self.output(&["ls-files", "-z", "--full-name"])?;
        let known: Vec<&[u8]> = known.output.split(|byte| *byte == 0).collect();
        let wanted = paths.iter().filter(|path| new.contains(path) && !known.contains(&path.as_bytes()));
        Ok(wanted.cloned().collect())
    }

    /// Runs a command over paths; nothing where there are none.
    fn for_paths(&self, command: &[&str], paths: &[String]) -> Result<(), GitError> {
        if paths.is_empty() {
            return Ok(());
        }
        let mut arguments = command.to_vec();
        arguments.push("--");
        arguments.extend(paths.iter().map(String::as_str));
        let ended = self.run().in_own_language().ask(&arguments)?;
        match ended.code {
            Some(0) => Ok(()),
            _ => Err(told_with_output(&ended, command.first().copied().unwrap_or_default())),
        }
    }
}

/// A hook may say why it refuses on standard output, too.
fn told_with_output(ended: &super::run::Ended, command: &str) -> GitError {
    let mut told = one_line(&ended.output);
    if !told.is_empty() && !ended.told.is_empty() {
        told.push('\n');
    }
    told.push_str(&ended.told);
    match told.is_empty() {
        true => ended.failed(command),
        false => GitError::Failed { command: command.to_owned(), told },
    }
}
