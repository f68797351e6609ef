//! Whom the server runs as: it refuses to run as root.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// Users without rights that a machine may have, the best first.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

/// A user, where the server cannot run as ourselves.
#[derive(Clone, Debug, Default)]
pub(crate) struct RunAs {
    user: Option<(u32, u32)>,
}

impl RunAs {
    /// Ourselves, or as root a user without rights; none where the machine has no such user.
    pub(crate) fn find() -> Option<RunAs> {
        if !rustix::process::geteuid().is_root() {
            return Some(RunAs::default());
        }
        let users = std::fs::read_to_string("/etc/passwd").ok()?;
        let user = UNPRIVILEGED.iter().find_map(|name| user_in(&users, name))?;
        Some(RunAs { user: Some(user) })
    }

    /// Makes a command run as that user. The groups of root are dropped with it.
    pub(crate) fn apply(&self, command: &mut Command) {
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        // The folder where trueup was started may be closed to that user.
        command.current_dir("/");
    }

    /// Gives a file or a folder to that user.
    pub(crate) fn own(&self, path: &Path) -> std::io::Result<()> {
        match self.user {
            Some((user, group)) => std::os::unix::fs::chown(path, Some(user), Some(group)),
            None => Ok(()),
        }
    }

    /// Whether the server runs as somebody else.
    pub(crate) fn is_other(&self) -> bool {
        self.user.is_some()
    }

    /// The number of the user that files of the server belong to.
    pub(crate) fn number(&self) -> u32 {
        self.user.map_or_else(|| rustix::process::geteuid().as_raw(), |(user, _)| user)
    }
}

/// The numbers of a user and their group in `/etc/passwd`.
fn user_in(users: &str, name: &str) -> Option<(u32, u32)> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next() != Some(name) {
            return None;
        }
        let user = fields.nth(1)?.parse().ok()?;
        Some((user, fields.next()?.parse().ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_found() {
        let users = "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65533:nobody:/:/bin/false\nbroken\n";
        assert_eq!(user_in(users, "nobody"), Some((65534, 65533)));
        assert_eq!(user_in(users, "postgres"), None);
        assert_eq!(user_in("postgres:x:no:1", "postgres"), None);
    }
}
