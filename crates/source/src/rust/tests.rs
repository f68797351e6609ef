use crate::tests::{code, facts, mutated, routes};
use crate::{Options, read};
use proptest::prelude::*;

fn check(files: &[(&str, &str)], expected: &[&str]) {
    assert_eq!(routes(files), expected, "{files:?}");
}

const AXUM: &str = r#"
use axum::{Router, routing::{get, post, on, MethodFilter}};
use crate::orders;

const HEALTH: &str = "/health";

#[tokio::main]
async fn main() {
    let state = State::new();
    let app = Router::new()
        .route("/", get(|| async { "up" }))
        .route(HEALTH, get(health))
        .nest("/api", api(state.clone()))
        .route_service("/feed", service)
        .nest_service("/assets", ServeDir::new("assets"))
        .layer(TraceLayer::new_for_http());
    let app = app.route("/late/{id}", on(MethodFilter::PUT.or(MethodFilter::PATCH), late));
    let listener = TcpListener::bind("0.0.0.0:3000").await.unwrap();
    axum::serve(listener, app.into_make_service()).await.unwrap();
}

fn api(state: State) -> Router {
    let mut router: Router<State> = Router::<State>::new().nest("/orders", orders::router());
    if state.billing {
        router = router.merge(billing::routes());
    }
    router.with_state(state)
}

mod billing {
    use super::*;
    pub fn routes() -> Router<State> {
        Router::new().route("/invoices/:id", get(one).delete(remove)).route("/any", axum::routing::any(all))
    }
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    async fn health_is_up() {
        let app = Router::new().route("/only-in-a-test", get(h));
    }
}
"#;

const ORDERS: &str = r#"
use axum::{routing::get, Router};
pub fn router() -> Router<State> {
    let items = Router::new().route("/", get(items).post(add_item));
    Router::new()
        .route("/", get(list).post(create))
        .route("/{id}", get(show).put(change))
        .nest("/{id}/items", items)
}
"#;

#[test]
fn axum_over_files_and_modules() {
    check(
        &[("src/main.rs", AXUM), ("src/orders.rs", ORDERS)],
        &[
            "GET /",
            "* /api/any",
            "GET /api/invoices/{id}",
            "DELETE /api/invoices/{id}",
            "GET /api/orders",
            "POST /api/orders",
            "GET /api/orders/{id}",
            "PUT /api/orders/{id}",
            "GET /api/orders/{id}/items",
            "POST /api/orders/{id}/items",
            "* /assets/{*rest}",
            "* /feed",
            "GET /health",
            "PUT /late/{id}",
            "PATCH /late/{id}",
        ],
    );
}

#[test]
fn conditions_parameters_and_functions_that_add() {
    let main = r#"
mod users;
async fn run() {
    let mut app = users::add(Router::new().route("/a", get(a)));
    app = if debug { app.nest("/debug", debug_routes()) } else { app };
    let app = match mode { Mode::Full => app.merge(extra().await?), _ => app };
    Server::bind(&address).serve(app.into_make_service()).await
}
async fn extra() -> Result<Router, Error> { Ok(Router::new().route("/extra", post(h))) }
fn debug_routes() -> axum::Router { axum::Router::new().route("/state", get(h)) }
"#;
    let users = r#"
pub fn add(router: Router) -> Router { router.route("/users", get(list)).merge(Users::router()) }
pub struct Users;
impl Users {
    pub fn router() -> Router { Router::new().route("/users/me", get(Self::me)).merge(Self::more()) }
    fn more() -> Router { Router::new().route(&format!("{PREFIX}/more/{{id}}"), get(h)).route(&format!("{}/end", base()), get(h)) }
}
const PREFIX: &str = "/users";
"#;
    check(
        &[("src/main.rs", main), ("src/users.rs", users)],
        &[
            "GET /a",
            "GET /debug/state",
            "GET ~/end",
            "POST /extra",
            "GET /users",
            "GET /users/me",
            "GET /users/more/{id}",
        ],
    );
}

#[test]
fn a_workspace_with_modules_that_hand_on() {
    let main =
        "use shop_api::app;\n#[tokio::main]\nasync fn main() { let app = app(); axum::serve(l, app).await; }";
    let library = "mod routes;\npub use routes::app;\n";
    let routes = "mod orders; mod users; use orders::*; pub fn app() -> Router { Router::new().nest(\"/orders\", order_routes()).nest(\"/users\", users::routes::all()) }";
    let orders = "pub fn order_routes() -> Router { Router::new().route(\"/\", get(h)) }";
    let users = "pub mod routes;";
    let users_routes =
        "use super::super::super::x; pub fn all() -> Router { Router::new().route(\"/me\", patch(h)) }";
    check(
        &[
            ("server/src/main.rs", main),
            ("crates/shop-api/src/lib.rs", library),
            ("crates/shop-api/src/routes/mod.rs", routes),
            ("crates/shop-api/src/routes/orders.rs", orders),
            ("crates/shop-api/src/routes/users/mod.rs", users),
            ("crates/shop-api/src/routes/users/routes.rs", users_routes),
        ],
        &["GET /orders", "PATCH /users/me"],
    );
}

#[test]
fn a_library_without_a_program() {
    check(&[("src/lib.rs", "pub fn app() -> Router { Router::new().route(\"/a\", get(h)) }")], &["GET /a"]);
    // Somebody else takes it in, and nothing says where.
    check(
        &[
            ("src/lib.rs", "pub fn app() -> Router { Router::new().nest(\"/b\", unknown::thing()) }"),
            ("src/a.rs", "pub fn a() -> Router { Router::new().route(\"/a\", get(h)) }"),
        ],
        &["GET ~/a"],
    );
}

#[test]
fn utoipa_axum() {
    let text = r#"
#[utoipa::path(get, path = "/{id}", responses((status = 200)))]
async fn show() {}
#[utoipa::path(post, path = "", tag = "orders")]
async fn create() {}
pub fn router() -> OpenApiRouter { OpenApiRouter::new().routes(routes!(show)).routes(routes!(create)) }
fn main() { let (router, api) = OpenApiRouter::new().nest("/orders", router()).split_for_parts(); }
"#;
    check(&[("src/main.rs", text)], &["POST /orders", "GET /orders/{id}"]);
}

#[test]
fn actix_web() {
    let main = r#"
use actix_web::{web, App, HttpServer, get};
mod orders;
#[get("/health")]
async fn health() -> impl Responder { "up" }
#[route("/both", method = "GET", method = "POST")]
async fn both() -> impl Responder { "up" }
#[actix_web::main]
async fn main() -> std::io::Result<()> {
    HttpServer::new(move || {
        App::new()
            .wrap(Logger::default())
            .service(health)
            .service((both, orders::list))
            .service(web::scope("/api").configure(orders::config).service(web::resource("/x/{id}").route(web::get().to(x)).route(web::delete().to(y))))
            .configure(|cfg| { cfg.route("/closure", web::post().to(h)); })
            .service(Files::new("/static", "dir"))
            .route("/plain", web::put().to(h))
    }).bind("0.0.0.0:80")?.run().await
}
"#;
    let orders = r#"
#[get("/list")] pub async fn list() {}
pub fn config(cfg: &mut web::ServiceConfig) {
    cfg.service(web::scope("/orders").service(list).route("", web::get().to(all)));
}
"#;
    check(
        &[("src/main.rs", main), ("src/orders.rs", orders)],
        &[
            "GET /api/orders",
            "GET /api/orders/list",
            "GET /api/x/{id}",
            "DELETE /api/x/{id}",
            "GET /both",
            "POST /both",
            "POST /closure",
            "GET /health",
            "GET /list",
            "PUT /plain",
            "* /static/{*path}",
        ],
    );
}

#[test]
fn rocket() {
    let main = r#"
#[macro_use] extern crate rocket;
mod orders;
#[get("/?<page>")] fn index(page: u8) {}
#[launch]
fn rocket() -> _ { rocket::build().mount("/", routes![index]).mount("/orders", routes![orders::show, orders::create]) }
"#;
    let orders = r#"
#[get("/<id>")] pub fn show(id: u32) {}
#[post("/", data = "<order>")] pub fn create(order: Json<Order>) {}
"#;
    check(
        &[("src/main.rs", main), ("src/orders.rs", orders)],
        &["GET /", "POST /orders", "GET /orders/{id}"],
    );
}

#[test]
fn other_calls_of_the_same_name_are_no_routes() {
    let text = r#"
use axum::Router;
fn main() {
    let client = Client::new();
    client.route("/x", 1);
    let x = map.get("/y").merge(other);
    let z = Figment::new().merge(Toml::file("a.toml"));
    let app = Router::new().route("/a", get(h));
}
"#;
    check(&[("src/main.rs", text)], &["GET /a"]);
}

#[test]
fn tests_with_their_modules() {
    let text = r#"
#[test]
fn top() {}
mod orders {
    #[cfg(test)]
    mod tests {
        #[tokio::test(flavor = "multi_thread")]
        async fn are_listed() -> Result<()> { Ok(()) }
        #[test]
        #[ignore = "slow"]
        fn slow() {}
        #[rstest]
        #[case(1)]
        pub fn cases(#[case] n: u8) {}
        fn helper() {}
    }
}
proptest! {
    #[test]
    fn any(n in 0..3) {}
}
#[cfg(test)] fn not_one() {}
"#;
    let shown: Vec<String> = code(&[("src/lib.rs", text)])
        .tests
        .iter()
        .map(|t| format!("{}{}{}", t.suites.join("/"), if t.skipped { " -" } else { " " }, t.name))
        .collect();
    assert_eq!(
        shown,
        [" top", "orders/tests are_listed", "orders/tests -slow", "orders/tests cases", " any"]
    );
}

#[test]
fn variables_flags_and_events() {
    let text = r#"
const LIMIT: &str = "ORDER_LIMIT";
const CREATED: &str = "orders.order.created";
#[derive(Parser)]
struct Arguments {
    #[arg(long, env = "SHOP_PORT", default_value_t = 1)]
    port: u16,
    #[arg(long, env)]
    pub api_key: String,
}
fn f() {
    std::env::var("DATABASE_URL"); env::var_os(LIMIT); env::var(name); option_env!("BUILD_ID"); env!("CARGO_PKG_NAME");
    dotenvy::var("FROM_FILE");
    client.is_enabled("new-checkout", None, false); ld.bool_variation(&context, "beta-search", false); x.is_enabled(Level::Info);
    flags::on("own.flag");
    bus.publish("orders.order.paid", &order); bus.emit(CREATED.to_string()); tx.send(message); socket.send("index.html");
    bus.publish(events::CREATED, x); bus.send(format!("a.b"));
}
fn emit(name: &str) {}
"#;
    let mut options = crate::Options::default();
    options.flag_functions.push("flags::on".to_owned());
    let facts = crate::read(&"src/a.rs".into(), text, &options);
    let names = |uses: &[trueup_codebase::NameUse]| uses.iter().map(|u| u.name.clone()).collect::<Vec<_>>();
    assert_eq!(
        names(&facts.env_vars),
        ["SHOP_PORT", "API_KEY", "DATABASE_URL", "ORDER_LIMIT", "BUILD_ID", "FROM_FILE"]
    );
    assert_eq!(names(&facts.flags), ["new-checkout", "beta-search", "own.flag"]);
    assert_eq!(names(&facts.events), ["orders.order.paid", "orders.order.created", "orders.order.created"]);
}

#[test]
fn tables_of_diesel_and_sea_orm() {
    let diesel = r#"
diesel::table! {
    use diesel::sql_types::*;
    /// Orders.
    shop.orders (id) {
        id -> Int4,
        #[sql_name = "type"]
        kind -> Nullable<Varchar>,
    }
}
allow_tables_to_appear_in_same_query!(orders, items);
"#;
    let sea_orm = r#"
#[derive(Clone, DeriveEntityModel)]
#[sea_orm(table_name = "customers", schema_name = "shop")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    #[sea_orm(column_name = "full_name", column_type = "Text")]
    pub name: Option<String>,
    pub tags: HashMap<String, u8>,
    #[sea_orm(ignore)]
    pub cached: bool,
}
"#;
    let shown: Vec<String> = code(&[("src/schema.rs", diesel), ("src/customers.rs", sea_orm)])
        .tables
        .iter()
        .map(|t| {
            let columns: Vec<String> = t.columns.iter().map(|c| format!("{} {}", c.name, c.kind)).collect();
            format!("{} {}: {}", t.source, t.name, columns.join(", "))
        })
        .collect();
    assert_eq!(
        shown,
        [
            "SeaORM customers: id i32, full_name Option<String>, tags HashMap<String, u8>",
            "diesel orders: id Int4, type Nullable<Varchar>"
        ]
    );
}

#[test]
fn depth_does_not_matter() {
    for piece in ["(", "[", "{", "Router::new().nest(\"/a\", ", "mod a {", "use a::{", "<", "fn f() {", "#["]
    {
        let deep = format!(
            "fn main() {{ let app = {}",
            piece.repeat(if piece.len() == 1 { 100_000 } else { 6_000 })
        );
        read(&"src/main.rs".into(), &deep, &Options::default());
        read(&"src/main.rs".into(), &format!("use a::{};", piece.repeat(2_000)), &Options::default());
    }
}

proptest! {
    #[test]
    fn any_text(text in "[ -~é\\n]{0,80}") {
        facts("src/main.rs", &text);
    }

    #[test]
    fn mutated_sources(seeds in prop::collection::vec((0..4000usize, any::<u8>()), 1..6), orders in any::<bool>()) {
        facts("src/main.rs", &mutated(if orders { ORDERS } else { AXUM }, &seeds));
    }
}

#[test]
fn modules_between_that_hold_nothing() {
    let routes = "use super::contexts::{orders, users};\nuse axum::Router;\n\
        pub fn app() -> Router { Router::new().nest(\"/orders\", orders::routes::router(s.clone())).nest(\"/users\", users::routes::all()) }";
    let router = "pub fn router(s: S) -> Router { Router::new().route(\"/:id\", get(one).with_state(s)) }";
    check(
        &[
            ("src/web/v1/routes.rs", routes),
            ("src/web/v1/contexts/mod.rs", "pub mod orders;\npub mod users;\n"),
            ("src/web/v1/contexts/orders/mod.rs", "//! Orders.\npub mod routes;\n"),
            ("src/web/v1/contexts/orders/routes.rs", router),
            (
                "src/web/v1/contexts/users.rs",
                "pub mod routes { pub fn all() -> Router { Router::new().route(\"/me\", get(me)) } }",
            ),
        ],
        &["GET ~/orders/{id}", "GET ~/users/me"],
    );
}

#[test]
fn tables_in_texts() {
    let store = "const MAKE: &str = r#\"create table if not exists orders (id integer, total integer)\"#;\n\
        fn up() { run(\"ALTER TABLE orders ADD COLUMN note TEXT\") }\n\
        #[cfg(test)] mod tests { fn x() { run(\"CREATE TABLE odd (id INT)\") } }";
    let code =
        code(&[("src/store.rs", store), ("tests/a.rs", "fn x() { run(\"CREATE TABLE odd (id INT)\") }")]);
    let names = |t: &trueup_codebase::Table| t.columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
    let shown: Vec<_> = code.tables.iter().map(|t| (t.name.as_str(), names(t), t.complete)).collect();
    assert_eq!(shown, [("orders", vec!["id".to_owned(), "total".to_owned(), "note".to_owned()], false)]);
}

#[test]
fn addresses_without_their_first_slash() {
    let text = "use actix_web::web::{self, ServiceConfig};\n\
        pub fn config(cfg: &mut ServiceConfig) { cfg.route(\".well-known/orders\", web::get().to(all)); log.route(\"a b/c\", x) }";
    check(&[("src/lib.rs", text)], &["GET /.well-known/orders"]);
}

#[test]
fn a_server_that_has_a_name() {
    let main = "use actix_web::{App, HttpServer};\nmod server;\n\
        async fn main() { let mut http = HttpServer::new(move || { let a = b(); App::new().wrap(x).configure(server::config) }).bind(y)?; \
        let served = HttpServer::new(|| App::new().route(\"/up\", web::get().to(up))); http.run().await }";
    let server = "pub fn config(cfg: &mut web::ServiceConfig) { cfg.service(web::scope(\"\").service(show)); }\n\
        #[get(\"/{file}\")] async fn show() {}";
    check(&[("src/main.rs", main), ("src/server.rs", server)], &["GET /up", "GET /{file}"]);
}
