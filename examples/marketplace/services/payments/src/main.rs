//! The payments service.

mod bus;
mod money;
mod provider;
mod routes;
mod settings;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let state = settings::State::from_environment();
    let listener = tokio::net::TcpListener::bind("0.0.0.0:8102").await?;
    axum::serve(listener, routes::router().with_state(state)).await
}
