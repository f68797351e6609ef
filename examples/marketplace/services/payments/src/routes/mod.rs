//! The routes, by what they are about.

mod payments;
mod refunds;

use crate::settings::State;
use axum::Router;

pub fn router() -> Router<State> {
    Router::new().nest("/v1/payments", payments::router()).nest("/v1/refunds", refunds::router())
}
