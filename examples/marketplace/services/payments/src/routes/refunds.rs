//! Giving money back.

use crate::settings::State as Settings;
use crate::{bus, money, provider};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use uuid::Uuid;

pub fn router() -> Router<Settings> {
    Router::new().route("/", post(refund)).route("/{refund_id}", get(read))
}

async fn refund(State(settings): State<Settings>, Json(body): Json<Value>) -> StatusCode {
    let number = |key: &str| body.get(key).and_then(Value::as_u64).unwrap_or(0);
    if money::left(number("captured"), number("refunded")) < number("amount") {
        return StatusCode::UNPROCESSABLE_ENTITY;
    }
    let reference = provider::refund(&settings, &body).await;
    bus::publish("payments.refund.made", &reference);
    StatusCode::CREATED
}

async fn read(Path(refund): Path<Uuid>) -> Json<Value> {
    Json(json!({ "id": refund }))
}
