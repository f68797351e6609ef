//! The address of a given server, filled up as `psql` fills it up from the environment and the file of passwords.

use crate::error::ServerError;
use postgres::Config;
use postgres::config::{Host, SslMode};
use std::path::{Path, PathBuf};

/// Folders in which servers of Linux and of the other systems keep their sockets.
const SOCKETS: [&str; 2] = ["/var/run/postgresql", "/tmp"];

/// What an address leaves out is taken from here.
pub(crate) struct Surroundings<'e> {
    /// A variable of the environment.
    pub variable: &'e dyn Fn(&str) -> Option<String>,
    /// The text of a file of passwords that nobody else may read.
    pub passwords: &'e dyn Fn(&Path) -> Option<String>,
}

/// Reads an address as `psql` would, in the environment of this process.
pub(crate) fn read(url: &str) -> Result<Config, ServerError> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    read_in(url, &Surroundings { variable: &variable, passwords: &secret })
}

/// Reads an address in some surroundings (documentation of PostgreSQL, "Environment Variables" and "The Password File").
pub(crate) fn read_in(url: &str, around: &Surroundings<'_>) -> Result<Config, ServerError> {
    let variable = around.variable;
    refuse_encryption(url, variable("PGSSLMODE").as_deref())?;
    let said = |error: postgres::Error| match std::error::Error::source(&error) {
        Some(cause) => ServerError::Address(format!("{error}: {cause}")),
        None => ServerError::Address(error.to_string()),
    };
    let mut config: Config = url.parse().map_err(said)?;
    // However it is written.
    if config.get_ssl_mode() == SslMode::Require {
        return Err(encrypted("require"));
    }
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        host(&mut config, variable("PGHOST").or_else(|| variable("PGHOSTADDR")));
    }
    if config.get_ports().is_empty()
        && let Some(port) = variable("PGPORT")
    {
        let port = port.parse().map_err(|_| ServerError::Address(format!("PGPORT is no port: {port}")))?;
        config.port(port);
    }
    if config.get_user().is_none()
        && let Some(user) = variable("PGUSER").or_else(|| variable("USER"))
    {
        config.user(&user);
    }
    if config.get_dbname().is_none()
        && let Some(database) = variable("PGDATABASE")
    {
        config.dbname(&database);
    }
    if config.get_password().is_none()
        && let Some(password) = variable("PGPASSWORD").or_else(|| from_file(&config, around))
    {
        config.password(password);
    }
    config.ssl_mode(SslMode::Disable);
    Ok(config)
}

/// What is asked for and cannot be had is refused: to leave it out in silence would send the password in the open.
fn refuse_encryption(url: &str, variable: Option<&str>) -> Result<(), ServerError> {
    let asked = url.split_once("sslmode=").map(|(_, rest)| rest);
    let asked = asked.map(|rest| rest.split(['&', ' ']).next().unwrap_or("").trim_matches('\''));
    match asked.or(variable) {
        Some(mode @ ("require" | "verify-ca" | "verify-full")) => Err(encrypted(mode)),
        _ => Ok(()),
    }
}

fn encrypted(mode: &str) -> ServerError {
    ServerError::Address(format!(
        "sslmode={mode} asks for a connection that is encrypted, and trueup makes none; take a tunnel \
         (ssh -L 5433:localhost:5432 HOST, then localhost:5433 with sslmode=disable), a socket, or, for a proof, no \
         --database-url: then a private server is started on this machine"
    ))
}

fn host(config: &mut Config, named: Option<String>) {
    match named {
        Some(path) if path.starts_with('/') => config.host_path(path),
        Some(name) => config.host(&name),
        None => {
            let port = config.get_ports().first().copied().unwrap_or(5432);
            let socket = |folder: &&&str| Path::new(folder).join(format!(".s.PGSQL.{port}")).exists();
            match SOCKETS.iter().find(socket) {
                Some(folder) => config.host_path(folder),
                None => config.host("localhost"),
            }
        }
    };
}

/// The password that the user's file has for this server and user.
fn from_file(config: &Config, around: &Surroundings<'_>) -> Option<String> {
    let home = || (around.variable)("HOME").map(|home| PathBuf::from(home).join(".pgpass"));
    let path = (around.variable)("PGPASSFILE").map(PathBuf::from).or_else(home)?;
    let text = (around.passwords)(&path)?;
    let user = config.get_user()?;
    let database = config.get_dbname().unwrap_or(user);
    let port = config.get_ports().first().copied().unwrap_or(5432).to_string();
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        Some(Host::Unix(path)) if SOCKETS.iter().any(|usual| path == Path::new(usual)) => {
            "localhost".to_owned()
        }
        Some(Host::Unix(path)) => path.display().to_string(),
        None => config.get_hostaddrs().first().map(ToString::to_string).unwrap_or_default(),
    };
    let wanted = [host.as_str(), port.as_str(), database, user];
    text.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let fields = fields(line);
        let (password, first) = fields.split_last()?;
        let fits = first.len() == wanted.len()
            && first.iter().zip(wanted).all(|(field, wanted)| field == "*" || field == wanted);
        fits.then(|| password.clone())
    })
}

/// The fields of a line, with what stands behind a backslash taken as it is. The last one goes to the end.
fn fields(line: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut letters = line.trim_end_matches(['\r', '\n']).chars();
    while let Some(letter) = letters.next() {
        match letter {
            ':' if out.len() < 5 => out.push(String::new()),
            letter => {
                let taken = if letter == '\\' { letters.next() } else { Some(letter) };
                out.last_mut().into_iter().for_each(|field| field.extend(taken));
            }
        }
    }
    out
}

/// The text of a file that nobody else may read; `psql` passes over any other.
fn secret(path: &Path) -> Option<String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let open = std::fs::metadata(path).ok()?.permissions().mode() & 0o077 != 0;
        if open {
            return None;
        }
    }
    std::fs::read_to_string(path).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# ours\nother:*:*:ann:no\nlocalhost:5433:shop:ann:a\\:b\\\\c:d\n*:*:*:bob:star\n";

    fn told(url: &str, variables: &[(&str, &str)]) -> Result<String, String> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let passwords = |path: &Path| (path == Path::new("/home/ann/.pgpass")).then(|| FILE.to_owned());
        let config = read_in(url, &Surroundings { variable: &variable, passwords: &passwords });
        let config = config.map_err(|error| error.to_string())?;
        let password = String::from_utf8_lossy(config.get_password().unwrap_or_default()).into_owned();
        let host = match config.get_hosts().first() {
            Some(Host::Tcp(name)) => name.clone(),
            Some(Host::Unix(path)) => path.display().to_string(),
            None => String::new(),
        };
        let port = config.get_ports().first().copied().unwrap_or_default();
        Ok(format!(
            "{}:{password}@{host}:{port}/{}",
            config.get_user().unwrap_or_default(),
            config.get_dbname().unwrap_or_default()
        ))
    }

    #[track_caller]
    fn check(url: &str, variables: &[(&str, &str)], expected: &str) {
        assert_eq!(told(url, variables).as_deref(), Ok(expected), "{url}");
    }

    #[test]
    fn the_environment_fills_up_what_is_left_out() {
        let all = [
            ("PGHOST", "db.example.org"),
            ("PGPORT", "5433"),
            ("PGUSER", "ann"),
            ("PGPASSWORD", "secret"),
            ("PGDATABASE", "shop"),
        ];
        check("postgresql://", &all, "ann:secret@db.example.org:5433/shop");
        check("postgresql://eve:x@localhost:1/other", &all, "eve:x@localhost:1/other");
        check("user=eve", &all, "eve:secret@db.example.org:5433/shop");
        check("postgresql://ann@h:1/d", &[("PGHOST", "/run/pg")], "ann:@h:1/d");
        check("dbname=d user=ann", &[("PGHOST", "/run/pg")], "ann:@/run/pg:0/d");
    }

    #[test]
    fn passwords_come_from_the_users_file() {
        let home = [("HOME", "/home/ann")];
        check("postgresql://ann@localhost:5433/shop", &home, "ann:a:b\\c:d@localhost:5433/shop");
        check("postgresql://ann@localhost:5432/shop", &home, "ann:@localhost:5432/shop");
        check("postgresql://bob@h/shop", &home, "bob:star@h:5432/shop");
        check("postgresql://bob@h/shop", &[("PGPASSFILE", "/home/ann/.pgpass")], "bob:star@h:5432/shop");
        check("postgresql://bob@h/shop", &[], "bob:@h:5432/shop");
    }

    #[test]
    fn encryption_is_refused_and_not_left_out() {
        for url in [
            "postgresql://h/d?sslmode=require",
            "postgresql://h/d?x=1&sslmode=verify-full&y=2",
            "host=h sslmode=verify-ca",
            "host=h sslmode = require",
            "host=h\tsslmode=require\tport=1",
        ] {
            let error = told(url, &[]).expect_err(url);
            assert!(error.contains("sslmode=") && error.contains("tunnel"), "{error}");
        }
        assert!(told("postgresql://ann@h/d", &[("PGSSLMODE", "require")]).is_err());
        check("postgresql://ann@h/d?sslmode=prefer", &[("PGSSLMODE", "require")], "ann:@h:5432/d");
        assert!(told("postgresql://h/d?sslmode=maybe", &[]).is_err());
    }
}
