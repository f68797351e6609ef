//! Events to the other services.

use std::sync::Mutex;

static SENT: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

/// Sends an event; called after the provider has answered.
pub fn publish(name: &str, reference: &str) {
    if let Ok(mut sent) = SENT.lock() {
        sent.push((name.to_owned(), reference.to_owned()));
    }
}
