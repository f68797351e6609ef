//! How to see without trueup that a claim stays.

use super::plan::Look;
use crate::actors::{STRANGER, enter_role};
use crate::attempt::{Attempt, Check};
use crate::report::{Principal, ProbeKind, Tenant, Witness};
use crate::session::Session;
use crate::witness::{asserted, lines};
use trueup_catalog::quote_ident;
use trueup_postgres::{Client, SqlError};

/// What is shown.
pub(super) struct Shown<'s> {
    pub role: &'s str,
    /// The role of the server that stands for `PUBLIC`.
    pub stranger: &'s str,
    /// The rows have to be there before the first client.
    pub rows_there: bool,
    /// What the first client does.
    pub first: &'s [String],
    /// Claims that the second client sets for itself.
    pub own: &'s [String],
    pub look: &'s Look,
}

impl Shown<'_> {
    /// In words.
    pub(super) fn what(&self) -> String {
        let set =
            if self.own.is_empty() { "which has set nothing" } else { "which has set only the other claims" };
        format!("tenant A's row in {} is seen by the next client of the connection, {set}", self.look.table)
    }

    fn attempt(&self) -> Attempt {
        Attempt {
            kind: ProbeKind::SessionClaim,
            who: Principal { role: self.role.to_owned(), tenant: Tenant::Unset },
            before: Vec::new(),
            attack: self.look.sql.clone(),
            check: Check::Counts,
            shows: self.what(),
            colleague: false,
        }
    }

    /// Rows that stay, where the first client needs them.
    fn before(&self) -> String {
        match self.rows_there {
            true => format!("BEGIN;\n{}COMMIT;\n", self.rows()),
            false => String::new(),
        }
    }

    fn rows(&self) -> String {
        let rows = lines(&self.look.rows);
        format!("SET CONSTRAINTS ALL DEFERRED;\n{rows}SET CONSTRAINTS ALL IMMEDIATE;\n")
    }

    /// The second client as far as its question.
    fn second(&self) -> String {
        let rows = if self.rows_there { String::new() } else { self.rows() };
        format!("{rows}{}{};\n", lines(self.own), enter_role(self.role, self.stranger))
    }

    /// Takes away the rows that stay.
    fn after(&self) -> String {
        match self.rows_there {
            true => format!(
                "BEGIN;\nSET LOCAL session_replication_role = replica;\n{}COMMIT;\n",
                lines(&self.look.away)
            ),
            false => String::new(),
        }
    }
}

/// Writes the witness, and looks on an untouched copy whether it shows the leak by itself.
pub(super) fn witness(client: &mut Client, shown: &Shown<'_>) -> Result<Witness, SqlError> {
    let what = shown.what();
    let first = lines(shown.first);
    let (before, second, after) = (shown.before(), shown.second(), shown.after());
    let attack = &shown.look.sql;
    let role = shown.role;
    let sql = format!(
        "-- session-claim, through role {role}: {what}.\n\
         -- One connection from beginning to end, as a pooler in transaction mode hands it on. The first client commits: take a scratch database.\n\
         {before}-- Client 1: tenant A.\n{first}-- Client 2: has set nothing.\nBEGIN;\n{second}-- More than nothing: {what}.\n{attack};\nROLLBACK;\n{}",
        told_after(&after),
    );
    let pgtap = format!(
        "{before}{first}BEGIN;\nSELECT plan(1);\n{second}{}SELECT * FROM finish();\nROLLBACK;\n{after}RESET ALL;\n",
        asserted(&shown.attempt()),
    );
    let plain = |text: String| text.replace(shown.stranger, STRANGER);
    Ok(Witness { sql: plain(sql), pgtap: plain(pgtap), confirmed: confirmed(client, shown)? })
}

fn told_after(after: &str) -> String {
    if after.is_empty() { String::new() } else { format!("-- What was made is taken away.\n{after}") }
}

fn confirmed(client: &mut Client, shown: &Shown<'_>) -> Result<bool, SqlError> {
    let mut session = Session { client };
    let mut run = || {
        session.execute(&shown.before())?;
        for statement in shown.first {
            session.run(statement)?;
        }
        // A script leaves nothing open.
        session.execute("COMMIT; BEGIN")?;
        session.execute(&shown.second())?;
        session.run(&shown.look.sql)
    };
    match run() {
        Ok(answer) => Ok(answer.first().is_some_and(|count| count != "0")),
        Err(error) if error.is_lost() => Err(error),
        Err(_) => Ok(false),
    }
}

/// The witness of a setting that a role has from its login on. It was tried just so.
pub(super) fn login_witness(shown: &Shown<'_>, statement: &str, opens: bool) -> Witness {
    let role = quote_ident(shown.role);
    let (before, after) = (shown.before(), shown.after());
    let attack = &shown.look.sql;
    let table = &shown.look.table;
    let statement = statement.replace("{database}", ":\"DBNAME\"");
    let open = if opens { format!("ALTER ROLE {role} LOGIN;\n") } else { String::new() };
    let (setting, _) = statement.split_once(" = ").unwrap_or((&statement, ""));
    let reset = setting.replacen(" SET ", " RESET ", 1);
    let name = setting.rsplit(' ').next().unwrap_or("").replace('"', "");
    let shut = if opens { format!("ALTER ROLE {role} NOLOGIN;\n") } else { String::new() };
    let sql = format!(
        "-- session-claim, through role {}: tenant A's row in {table} is seen by whoever logs in, without a claim.\n\
         -- The setting as it is in the schema, with the tenant that was made up here. It commits: take a scratch database.\n\
         {before}{statement};\n{open}\\set owner :USER\n\\connect - {role}\nBEGIN;\n-- More than nothing: tenant A's row in {table}.\n{attack};\nROLLBACK;\n\
         -- What was made is taken away.\n\\connect - :owner\n{shut}{reset};\n{after}",
        shown.role,
    );
    let says = format!("no session begins with {name}");
    let pgtap = format!(
        "BEGIN;\nSELECT plan(1);\nSELECT is((SELECT count(*) FROM pg_catalog.pg_db_role_setting s, unnest(s.setconfig) c (setting) \
         WHERE s.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())) \
         AND lower(c.setting) LIKE {} AND c.setting NOT LIKE '%=')::text, '0', {});\nSELECT * FROM finish();\nROLLBACK;\n",
        trueup_catalog::quote_literal(&format!("{}=%", name.to_lowercase().replace('_', "\\_"))),
        trueup_catalog::quote_literal(&says),
    );
    Witness { sql, pgtap, confirmed: true }
}
