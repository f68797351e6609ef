//! A connection inside of the one transaction in which all is tried.

use trueup_postgres::{Client, SimpleQueryMessage, SqlError};

/// What a statement gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Values of its rows as text.
    pub rows: Vec<Vec<Option<String>>>,
    /// Rows that it wrote, or returned.
    pub affected: u64,
}

impl Answer {
    /// The first value of the first row.
    pub(crate) fn first(&self) -> Option<&str> {
        self.rows.first()?.first()?.as_deref()
    }
}

/// The connection.
pub(crate) struct Session<'c> {
    pub client: &'c mut Client,
}

impl Session<'_> {
    /// Runs statements and keeps the answer of the last one.
    pub(crate) fn run(&mut self, sql: &str) -> Result<Answer, SqlError> {
        let mut answer = Answer::default();
        for message in self.client.simple_query(sql)? {
            match message {
                SimpleQueryMessage::Row(row) => {
                    answer.rows.push((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect());
                }
                SimpleQueryMessage::CommandComplete(affected) => answer.affected = affected,
                _ => {}
            }
        }
        Ok(answer)
    }

    /// Runs statements of which no answer is wanted.
    pub(crate) fn execute(&mut self, sql: &str) -> Result<(), SqlError> {
        Ok(self.client.batch_execute(sql)?)
    }

    /// Does something and takes all of it back, the role and the settings included. The outer error is one after which
    /// nothing can be said any more.
    pub(crate) fn trial<T>(
        &mut self,
        what: impl FnOnce(&mut Self) -> Result<T, SqlError>,
    ) -> Result<Result<T, SqlError>, SqlError> {
        self.trial_after("", what)
    }

    /// The same after some statements that belong to it.
    pub(crate) fn trial_after<T>(
        &mut self,
        before: &str,
        what: impl FnOnce(&mut Self) -> Result<T, SqlError>,
    ) -> Result<Result<T, SqlError>, SqlError> {
        // One message for all of them: most of the time of a proof is spent on the way.
        let done = self.execute(&format!("SAVEPOINT trueup_trial; {before}")).and_then(|()| what(self));
        if let Err(error) = &done
            && error.is_lost()
        {
            return Err(error.clone());
        }
        self.execute("ROLLBACK TO trueup_trial; RELEASE trueup_trial")?;
        Ok(done)
    }
}
