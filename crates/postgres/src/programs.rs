//! The server programs of the machine.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The environment variable that names the folder of the server programs.
pub const BIN_VARIABLE: &str = "TRUEUP_POSTGRES_BIN";

/// The oldest major version that proofs know.
pub const OLDEST: u32 = 13;

/// Folders in which packages put the programs; `*` stands for a version.
const USUAL: [&str; 9] = [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/libexec/postgresql*",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/opt/homebrew/opt/postgresql/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/usr/local/pgsql/bin",
    "/Library/PostgreSQL/*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
];

/// The version of a server.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Version {
    /// `15` of 15.4.
    pub major: u32,
    /// `4` of 15.4; 0 for a version that is not out yet.
    pub minor: u32,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl Version {
    /// Reads what `postgres --version` prints: `postgres (PostgreSQL) 15.4 (Debian 15.4-1)`, `… 18beta1`.
    pub fn read(text: &str) -> Option<Version> {
        let number = text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
        let mut parts = number.split(|c: char| !c.is_ascii_digit());
        let major = parts.next()?.parse().ok()?;
        let minor = match number.contains('.') {
            true => parts.next().and_then(|minor| minor.parse().ok()).unwrap_or(0),
            false => 0,
        };
        Some(Version { major, minor })
    }
}

/// Server programs that can be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Programs {
    /// The folder with `initdb`, `postgres` and `pg_ctl`.
    pub folder: PathBuf,
    /// Their version.
    pub version: Version,
}

impl Programs {
    /// The path of a program.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The programs of a folder, if they are there and tell their version.
    fn in_folder(folder: &Path) -> Option<Programs> {
        // The real folder: programs find their libraries beside themselves.
        let postgres = folder.join("postgres").canonicalize().ok()?;
        let folder = postgres.parent()?.to_path_buf();
        if !folder.join("initdb").is_file() {
            return None;
        }
        let told = Command::new(&postgres).arg("--version").stderr(Stdio::null()).output().ok()?;
        let version = Version::read(&String::from_utf8_lossy(&told.stdout))?;
        Some(Programs { folder, version })
    }
}

/// No server programs can be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoPrograms {
    /// There are none.
    #[error("no PostgreSQL server programs were found")]
    Nowhere,
    /// The variable names a folder without them.
    #[error("{BIN_VARIABLE} is {0}, where there is no `postgres` with `initdb` beside it")]
    NotThere(String),
    /// There are none of the version that was asked for.
    #[error("no PostgreSQL {wanted} was found; there is {there}")]
    OtherVersion {
        /// The major version that was asked for.
        wanted: u32,
        /// The versions that are there.
        there: String,
    },
    /// They are too old.
    #[error("PostgreSQL {0} is too old: versions from {OLDEST} on can be used")]
    TooOld(Version),
}

impl NoPrograms {
    /// The one line that mends it on this machine.
    pub fn help(&self) -> String {
        let install = install_command(&std::fs::read_to_string("/etc/os-release").unwrap_or_default());
        format!(
            "install them with `{install}`, name their folder in {BIN_VARIABLE}, or give a server by --database-url"
        )
    }
}

/// The command that installs a server, by what `/etc/os-release` says of the system; macOS has no such file.
fn install_command(os_release: &str) -> &'static str {
    let family: Vec<&str> = os_release
        .lines()
        .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")))
        .flat_map(|value| value.trim_matches(['"', '\'']).split_whitespace())
        .collect();
    let is = |name: &str| family.contains(&name);
    match () {
        () if is("debian") || is("ubuntu") => "sudo apt-get install postgresql",
        () if is("fedora") || is("rhel") || is("centos") => "sudo dnf install postgresql-server",
        () if is("alpine") => "apk add postgresql",
        () if is("arch") => "sudo pacman -S postgresql",
        () if is("suse") || is("opensuse") => "sudo zypper install postgresql-server",
        () if os_release.is_empty() => "brew install postgresql@17",
        () => "your package manager (the package is called postgresql or postgresql-server)",
    }
}

/// The newest programs of the machine, or the newest of a major version. A folder that [`BIN_VARIABLE`] names is the
/// only one that counts.
pub fn find_programs(wanted: Option<u32>) -> Result<Programs, NoPrograms> {
    let mut found = match std::env::var_os(BIN_VARIABLE).filter(|value| !value.is_empty()) {
        Some(folder) => {
            let programs = Programs::in_folder(Path::new(&folder));
            vec![programs.ok_or_else(|| NoPrograms::NotThere(folder.to_string_lossy().into_owned()))?]
        }
        None => installed(),
    };
    found.sort_by_key(|programs| programs.version);
    let newest = found.last().ok_or(NoPrograms::Nowhere)?;
    let Some(wanted) = wanted else {
        return if newest.version.major < OLDEST {
            Err(NoPrograms::TooOld(newest.version))
        } else {
            Ok(newest.clone())
        };
    };
    let there: Vec<String> = found.iter().map(|programs| programs.version.to_string()).collect();
    let chosen = found.into_iter().rfind(|programs| programs.version.major == wanted);
    chosen.ok_or(NoPrograms::OtherVersion { wanted, there: there.join(", ") })
}

/// All that are installed where programs usually are, each once.
fn installed() -> Vec<Programs> {
    // It asks other programs in its turn, so it is begun first.
    let pg_config =
        Command::new("pg_config").arg("--bindir").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut folders: Vec<PathBuf> = Vec::new();
    if let Some(path) = std::env::var_os("PATH") {
        folders.extend(std::env::split_paths(&path));
    }
    folders.extend(USUAL.iter().flat_map(|pattern| expand(pattern)));
    let mut seen: BTreeSet<PathBuf> = BTreeSet::new();
    let mut found: Vec<Programs> = folders.iter().filter_map(|folder| once(folder, &mut seen)).collect();
    let configured = pg_config.ok().and_then(configured);
    found.extend(configured.and_then(|folder| once(&folder, &mut seen)));
    found
}

/// The programs of a folder that was not seen by any of its names.
fn once(folder: &Path, seen: &mut BTreeSet<PathBuf>) -> Option<Programs> {
    let real = folder.join("postgres").canonicalize().ok()?;
    seen.insert(real).then(|| Programs::in_folder(folder)).flatten()
}

/// The folder that `pg_config` names.
fn configured(pg_config: Child) -> Option<PathBuf> {
    let told = pg_config.wait_with_output().ok()?;
    let folder = String::from_utf8(told.stdout).ok()?;
    Some(PathBuf::from(folder.trim())).filter(|folder| folder.is_absolute())
}

/// The folders that a pattern with one `*` stands for.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else { return vec![PathBuf::from(pattern)] };
    let (above, prefix) = before.rsplit_once('/').unwrap_or(("", before));
    let entries = std::fs::read_dir(above).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
        .map(|entry| entry.path().join(after.trim_start_matches('/')))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        let read = |text| Version::read(text).map(|v| (v.major, v.minor));
        assert_eq!(read("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some((15, 18)));
        assert_eq!(read("postgres (PostgreSQL) 18beta2"), Some((18, 0)));
        assert_eq!(read("postgres (PostgreSQL) 17.0\n"), Some((17, 0)));
        assert_eq!(read("postgres"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn each_system_has_its_command() {
        let of = install_command;
        assert!(of("NAME=\"Debian\"\nID=debian\n").contains("apt-get"));
        assert!(of("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n").contains("apt-get"));
        assert!(of("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n").contains("dnf"));
        assert!(of("ID=alpine\n").contains("apk"));
        assert!(of("").contains("brew"));
        assert!(of("ID=nixos\n").contains("package manager"));
    }

    #[test]
    fn patterns_stand_for_folders() {
        let root = tempfile::tempdir().unwrap();
        for folder in ["lib/9.6/bin", "lib/15/bin", "other"] {
            std::fs::create_dir_all(root.path().join(folder)).unwrap();
        }
        let pattern = format!("{}/lib/*/bin", root.path().display());
        let mut found = expand(&pattern);
        found.sort();
        assert_eq!(found, ["lib/15/bin", "lib/9.6/bin"].map(|folder| root.path().join(folder)));
        assert_eq!(expand("/no/such/place/*/bin"), Vec::<PathBuf>::new());
    }
}
