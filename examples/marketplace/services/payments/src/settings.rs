//! What the service is told by its surroundings.

use std::sync::Arc;

/// What every handler gets.
#[derive(Clone)]
pub struct State {
    pub database: Arc<str>,
    pub provider_key: Arc<str>,
}

impl State {
    pub fn from_environment() -> State {
        let read = |value: Result<String, std::env::VarError>| Arc::from(value.unwrap_or_default());
        State {
            database: read(std::env::var("PAYMENTS_DATABASE_URL")),
            provider_key: read(std::env::var("PAYMENTS_PROVIDER_KEY")),
        }
    }
}
