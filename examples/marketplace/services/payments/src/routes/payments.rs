//! Taking money.

use crate::settings::State as Settings;
use crate::{bus, provider};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use uuid::Uuid;

pub fn router() -> Router<Settings> {
    Router::new()
        .route("/", post(authorise))
        .route("/{payment_id}", get(read).delete(release))
        .route("/{payment_id}/capture", post(capture))
}

async fn authorise(State(settings): State<Settings>, Json(body): Json<Value>) -> (StatusCode, Json<Value>) {
    let reference = provider::authorise(&settings, &body).await;
    bus::publish("payments.payment.authorised", &reference);
    (StatusCode::CREATED, Json(json!({ "reference": reference })))
}

async fn read(Path(payment): Path<Uuid>) -> Json<Value> {
    Json(json!({ "id": payment }))
}

async fn release(State(settings): State<Settings>, Path(payment): Path<Uuid>) -> StatusCode {
    provider::release(&settings, payment).await;
    StatusCode::NO_CONTENT
}

async fn capture(State(settings): State<Settings>, Path(payment): Path<Uuid>) -> StatusCode {
    let reference = provider::capture(&settings, payment).await;
    bus::publish("payments.payment.captured", &reference);
    StatusCode::OK
}
