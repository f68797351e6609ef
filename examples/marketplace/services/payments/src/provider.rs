//! The card provider. Each call carries a key of its own and a time limit.

use crate::settings::State;
use serde_json::Value;
use std::time::Duration;
use uuid::Uuid;

/// How long the provider may take.
pub const LIMIT: Duration = Duration::from_secs(8);

async fn call(settings: &State, key: String) -> String {
    let answer = async { format!("{}-{key}", settings.provider_key.len()) };
    tokio::time::timeout(LIMIT, answer).await.unwrap_or_default()
}

pub async fn authorise(settings: &State, body: &Value) -> String {
    call(settings, format!("authorise-{body}")).await
}

pub async fn capture(settings: &State, payment: Uuid) -> String {
    call(settings, format!("capture-{payment}")).await
}

pub async fn release(settings: &State, payment: Uuid) -> String {
    call(settings, format!("release-{payment}")).await
}

pub async fn refund(settings: &State, body: &Value) -> String {
    call(settings, format!("refund-{body}")).await
}

#[cfg(test)]
mod tests {
    #[test]
    fn tc_pay_003_the_provider_has_eight_seconds() {
        assert_eq!(super::LIMIT.as_secs(), 8);
    }
}
