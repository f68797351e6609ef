use crate::tests::{code, facts, mutated, routes};
use crate::{Options, read};
use proptest::prelude::*;

fn check(files: &[(&str, &str)], expected: &[&str]) {
    assert_eq!(routes(files), expected, "{files:?}");
}

const CHI: &str = r#"
package main

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"example.com/shop/internal/orders"
)

const version = "/v1"

func main() {
	r := chi.NewRouter()
	r.Use(middleware.Logger)
	r.Get("/health", health)
	r.Route(version+"/orders", func(r chi.Router) {
		r.With(paginate).Get("/", list)
		r.Post("/", create)
		r.Route("/{id:[0-9]+}", func(r chi.Router) {
			r.Use(load)
			r.Get("/", show)
			r.Method(http.MethodPut, "/", change)
		})
	})
	r.Group(func(r chi.Router) {
		r.Delete("/session", logout)
	})
	r.Get("/after", after)
	r.Mount("/admin", adminRouter())
	h := orders.NewHandler(db)
	h.Register(r)
	r.Mount("/items", orders.Items{}.Routes())
	http.ListenAndServe(":3000", r)
}

func adminRouter() http.Handler {
	r := chi.NewRouter()
	r.Get("/users", users)
	return r
}
"#;

const ORDERS: &str = r#"
package orders

import "github.com/go-chi/chi/v5"

type Handler struct{ db DB }
type Items struct{}

func NewHandler(db DB) *Handler { return &Handler{db} }
func (h *Handler) Register(r chi.Router) {
	r.Patch("/registered", h.patch)
	client.Get("/not-a-route", nil)
	h.more(r)
}
func (Items) Routes() chi.Router {
	r := chi.NewRouter()
	r.Get("/{item}", one)
	return r
}
"#;

const MORE: &str = r#"
package orders
func (h *Handler) more(router chi.Router) { router.HandleFunc("/more", h.x) }
"#;

#[test]
fn chi_over_packages() {
    let more = MORE.replace("package orders", "package orders\nimport \"github.com/go-chi/chi/v5\"");
    check(
        &[("main.go", CHI), ("internal/orders/orders.go", ORDERS), ("internal/orders/more.go", &more)],
        &[
            "GET /admin/users",
            "GET /after",
            "GET /health",
            "GET /items/{item}",
            "* /more",
            "PATCH /registered",
            "DELETE /session",
            "GET /v1/orders",
            "POST /v1/orders",
            "GET /v1/orders/{id}",
            "PUT /v1/orders/{id}",
        ],
    );
}

#[test]
fn net_http() {
    let text = r#"
package main
import "net/http"
func main() {
	http.HandleFunc("/health", health)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders/{id}", show)
	mux.Handle("POST /orders", create)
	mux.HandleFunc("/files/", files)
	mux.HandleFunc("/{$}", home)
	api := http.NewServeMux()
	api.HandleFunc("GET /things", things)
	mux.Handle("/api/", http.StripPrefix("/api", api))
	resp, err := http.Get("http://example.com/x")
	http.ListenAndServe(":80", logging(mux))
}
"#;
    check(
        &[("main.go", text)],
        &["* /", "GET /api/things", "* /files/{*rest}", "* /health", "POST /orders", "GET /orders/{id}"],
    );
}

#[test]
fn gin_groups_over_packages() {
    let main = r#"
package main
import (
	"github.com/gin-gonic/gin"
	"example.com/shop/orders"
)
func setup() *gin.Engine {
	r := gin.Default()
	r.GET("/ping", ping)
	v1 := r.Group("/v1")
	{
		v1.POST("/login", login)
		users := v1.Group("/users", auth)
		users.GET("/:id", user)
		users.Any("/any", any)
		v1.Handle("PATCH", "/x", x)
	}
	orders.Register(v1.Group("/orders"), db)
	return r
}
func main() { r := setup(); r.Run() }
"#;
    let orders = r#"
package orders
import "github.com/gin-gonic/gin"
func Register(rg *gin.RouterGroup, db DB) {
	rg.GET("", list)
	rg.DELETE("/:id", remove)
	rg.Static("/assets", "./assets")
}
"#;
    check(
        &[("main.go", main), ("orders/routes.go", orders)],
        &[
            "GET /ping",
            "POST /v1/login",
            "GET /v1/orders",
            "GET /v1/orders/assets/{*path}",
            "DELETE /v1/orders/{id}",
            "* /v1/users/any",
            "GET /v1/users/{id}",
            "PATCH /v1/x",
        ],
    );
}

#[test]
fn gorilla_echo_and_fiber() {
    let gorilla = r#"
package a
import ("net/http"; "github.com/gorilla/mux")
type server struct { router *mux.Router }
func (s *server) routes() {
	s.router.HandleFunc("/a", s.a).Methods("GET", http.MethodPost)
	sub := s.router.PathPrefix("/sub").Subrouter()
	sub.Handle("/b", b).Methods("PUT")
	sub.Path("/c").Methods("DELETE").HandlerFunc(c)
	sub.HandleFunc("/d", d)
}
"#;
    check(&[("a/a.go", gorilla)], &["GET /a", "POST /a", "PUT /sub/b", "DELETE /sub/c", "* /sub/d"]);
    let echo = r#"
package main
import "github.com/labstack/echo/v4"
func main() {
	e := echo.New()
	g := e.Group("/api")
	g.GET("/orders/:id", show)
	g.Match([]string{"PUT", "PATCH"}, "/orders/:id", change)
	e.Logger.Fatal(e.Start(":80"))
}
"#;
    check(&[("main.go", echo)], &["GET /api/orders/{id}", "PUT /api/orders/{id}", "PATCH /api/orders/{id}"]);
    let fiber = r#"
package main
import "github.com/gofiber/fiber/v2"
func main() {
	app := fiber.New(fiber.Config{})
	app.Route("/v2", func(api fiber.Router) { api.Get("/x", x) })
	micro := fiber.New()
	micro.Get("/y", y)
	app.Mount("/micro", micro)
	app.All(prefix+"/z", z)
	app.Get(dynamic(), z)
	app.Listen(":80")
}
"#;
    check(&[("main.go", fiber)], &["GET /micro/y", "GET /v2/x", "* ~/z", "GET /{*rest}"]);
}

#[test]
fn tests_with_their_cases() {
    let text = r#"
package orders
func TestCreate(t *testing.T) {
	t.Run("with items", func(t *testing.T) {
		t.Run("many", func(t *testing.T) {})
	})
	tests := []struct{ name string }{{name: "empty"}, {name: "full"}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {})
	}
}
func TestSkipped(t *testing.T) { t.Skip("later") }
func (s *OrderSuite) TestOfSuite() { s.NoError(nil) }
func TestMain(m *testing.M) {}
func Testing() {}
var _ = Describe("Order", func() {})
func specs() {
	Describe("Order", func() { Context("new", func() { It("is open", func() {}); PIt("waits", func() {}) }) })
}
"#;
    let shown: Vec<String> = code(&[("orders/orders_test.go", text)])
        .tests
        .iter()
        .map(|t| format!("{}{}{}", t.suites.join("/"), if t.skipped { " -" } else { " " }, t.name))
        .collect();
    assert_eq!(
        shown,
        [
            " TestCreate",
            "TestCreate with items",
            "TestCreate/with items many",
            "TestCreate empty",
            "TestCreate full",
            " -TestSkipped",
            "OrderSuite TestOfSuite",
            "Order/new is open",
            "Order/new -waits",
        ]
    );
}

#[test]
fn variables_flags_and_events() {
    let text = r#"
package a
const limit = "ORDER_LIMIT"
type Config struct {
	Port int `env:"SHOP_PORT,required" json:"port"`
	Key string `envconfig:"API_KEY"`
}
func f() {
	os.Getenv("DATABASE_URL"); os.LookupEnv(limit); getEnvOr("WITH_DEFAULT", "x"); os.Getenv(name)
	viper.BindEnv("port", "BOUND")
	flag := &cli.StringFlag{Name: "x", EnvVars: []string{"FROM_CLI"}}
	client.BooleanValue(ctx, "new-checkout", false, e); ld.BoolVariation("beta", c, false); unleash.IsEnabled("uu.x")
	bus.Publish(ctx, "orders.order.created", o); nc.Publish(events.Paid, data); w.Send("index.html")
}
const Paid = "orders.order.paid"
"#;
    let facts = facts("a.go", text);
    let names = |uses: &[trueup_codebase::NameUse]| uses.iter().map(|u| u.name.clone()).collect::<Vec<_>>();
    assert_eq!(
        names(&facts.env_vars),
        ["SHOP_PORT", "API_KEY", "DATABASE_URL", "ORDER_LIMIT", "WITH_DEFAULT", "BOUND", "FROM_CLI"]
    );
    assert_eq!(names(&facts.flags), ["new-checkout", "beta", "uu.x"]);
    assert_eq!(names(&facts.events), ["orders.order.created", "orders.order.paid"]);
}

#[test]
fn tables_of_gorm_and_bun() {
    let text = r#"
package a
import "gorm.io/gorm"
type Order struct {
	gorm.Model
	CustomerID uint `gorm:"index"`
	Customer   Customer
	Total, Tax int64
	Note       *string `gorm:"column:remark;type:text"`
	PlacedAt   time.Time
	Items      []Item
	Hidden     string `gorm:"-"`
	small      string
}
type Customer struct { ID uint `gorm:"primaryKey"`; State State; HTTPCode int }
func (Customer) TableName() string { return "shop.clients" }
type Plain struct { A int `json:"a"` }
type Entry struct {
	bun.BaseModel `bun:"table:entries,alias:e"`
	ID   int64  `bun:"id,pk"`
	Who  *User  `bun:"rel:belongs-to"`
	Text string
}
"#;
    let shown: Vec<String> = code(&[("a.go", text)])
        .tables
        .iter()
        .map(|t| {
            let columns: Vec<&str> = t.columns.iter().map(|c| c.name.as_str()).collect();
            format!("{}{}: {}", t.name, if t.complete { "" } else { "?" }, columns.join(" "))
        })
        .collect();
    assert_eq!(
        shown,
        [
            "clients?: id http_code",
            "entries: id text",
            "orders: id created_at updated_at deleted_at customer_id total tax remark placed_at",
        ]
    );
}

#[test]
fn depth_does_not_matter() {
    for piece in [
        "(",
        "{",
        "func(r chi.Router) {",
        "r.Route(\"/a\", func(r chi.Router) {",
        "f(",
        "a.b(r, ",
        "func f() {",
    ] {
        let times = if piece.len() == 1 { 100_000 } else { 4_000 };
        let deep = CHI.replace("\tr.Get(\"/health\", health)", &piece.repeat(times));
        read(&"a/a_test.go".into(), &deep, &Options::default());
        read(&"a/a.go".into(), &deep, &Options::default());
    }
}

proptest! {
    #[test]
    fn any_text(text in "[ -~é\\n`]{0,80}") {
        facts("main.go", &text);
        facts("main_test.go", &text);
    }

    #[test]
    fn mutated_sources(seeds in prop::collection::vec((0..4000usize, any::<u8>()), 1..6), orders in any::<bool>()) {
        facts("main.go", &mutated(if orders { ORDERS } else { CHI }, &seeds));
    }
}

#[test]
fn routers_behind_an_interface() {
    let main = r#"
package main
import (
	"github.com/go-chi/chi/v5"
	"example.com/shop/api"
	itemsAPI "example.com/shop/items/api"
)
func main() {
	mux := chi.NewRouter()
	api.Route(mux)
	mux.Route("/v1", func(r chi.Router) { api.Route(r) })
	front := "items"
	mux.Route("/"+front, func(r chi.Router) { itemsAPI.Route(r, withCache) })
}
"#;
    let api = r#"
package api
import "net/http"
type Router interface { MethodFunc(method, pattern string, h http.HandlerFunc) }
func Route(r Router) {
	r.MethodFunc("GET", "/health", health)
	r.MethodFunc(http.MethodPost, "/orders", create)
	r.Get("settings", fallback)
}
"#;
    let items = r#"
package api
import "example.com/shop/api"
func Route(r api.Router, options ...Option) {
	r.MethodFunc("DELETE", "/{id}", remove)
	r.MethodFunc("GET", pathOf(List, "{id}"), list)
	r.MethodFunc("POST", versioned("/copies"), copy)
}
"#;
    check(
        &[("main.go", main), ("api/api.go", api), ("items/api/api.go", items)],
        &[
            "POST ~/copies",
            "GET /health",
            "DELETE /items/{id}",
            "GET /items/{*rest}",
            "POST /orders",
            "GET /v1/health",
            "POST /v1/orders",
        ],
    );
}

#[test]
fn handlers_that_compare_by_themselves() {
    let compares = r#"
package main
import ("net/http"; "regexp"; "strings")
const ordersPath = "/v1/orders"
var (
	filesRegex = regexp.MustCompile(`^/v1/files/([a-z]+)$`)
	topicRegex = regexp.MustCompile(`^/[a-z]+$`)
)
func (s *Server) serve(w http.ResponseWriter, r *http.Request) error {
	if r.Method == http.MethodGet && r.URL.Path == "/" {
		return s.home(w, r)
	} else if (r.Method == http.MethodPut || r.Method == "POST") && ordersPath == r.URL.Path {
		return s.orders(w, r)
	} else if r.Method == http.MethodGet && filesRegex.MatchString(r.URL.Path) {
		return s.file(w, r)
	} else if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/static/") {
		return s.static(w, r)
	} else if r.Method == http.MethodGet && topicRegex.MatchString(r.URL.Path) {
		return s.topic(w, r)
	} else if r.Method != http.MethodGet && r.URL.Path == "/not" {
		return nil
	}
	switch {
	case r.Method == http.MethodDelete && r.URL.Path == ordersPath:
		return s.drop(w, r)
	}
	return nil
}
func other(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/a", "/b":
		serveAny(w)
	case "/c":
		switch r.Method {
		case http.MethodGet:
			one(w)
		case http.MethodPatch:
			two(w)
		}
	default:
	}
}
func middleware(w http.ResponseWriter, r *http.Request) {
	if r.Method == "GET" && r.URL.Path == "/only" { return }
}
func client(c *http.Client, r Reply) { if r.Method == "GET" && r.URL.Path == "/x" || r.Method == "PUT" && r.URL.Path == "/y" {} }
"#;
    check(
        &[("server.go", compares)],
        &[
            "GET /",
            "* /a",
            "* /b",
            "GET /c",
            "PATCH /c",
            "GET /static/{*rest}",
            "GET /v1/files/{*rest}",
            "POST /v1/orders",
            "PUT /v1/orders",
            "DELETE /v1/orders",
        ],
    );
}

#[test]
fn tables_in_texts() {
    let store = r#"
package store
const (
	create = `
		CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, total INT);
		CREATE TABLE "user" (id TEXT);
	`
	change = "ALTER TABLE orders ADD COLUMN note TEXT"
	move   = `CREATE TABLE orders_new (id TEXT); INSERT INTO orders_new SELECT id FROM orders; DROP TABLE orders; ALTER TABLE orders_new RENAME TO orders;`
	open   = "CREATE TABLE %s (id INT)"
)
"#;
    let code = code(&[
        ("store.go", store),
        ("store_test.go", "package store\nconst x = `CREATE TABLE y (id INT)`\n"),
    ]);
    let shown: Vec<String> = code
        .tables
        .iter()
        .map(|t| {
            format!("{} {}", t.name, t.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join(","))
        })
        .collect();
    assert_eq!(shown, ["orders id,total,note", "user id"]);
    assert!(code.tables.iter().all(|table| !table.complete));
}

#[test]
fn tables_of_ent() {
    let schema = r#"
package schema
import ("entgo.io/ent"; "entgo.io/ent/schema/field")
type OrderItem struct { ent.Schema }
func (OrderItem) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", uuid.UUID{}),
		field.String("headline").MaxLen(20).StorageKey("title").Optional(),
		field.JSON("extra", map[string]any{"a": field.Name}),
	}
}
type Person struct { ent.Schema }
func (Person) Fields() []ent.Field { return []ent.Field{field.Time("born")} }
func (Person) Edges() []ent.Edge { return []ent.Edge{edge.To("orders", Order.Type)} }
func (Person) Annotations() []schema.Annotation { return []schema.Annotation{entsql.Annotation{Table: "people"}} }
type Other struct { Name string }
"#;
    let code = code(&[("ent/schema/order.go", schema)]);
    let shown: Vec<String> = code
        .tables
        .iter()
        .map(|t| {
            let columns: Vec<&str> = t.columns.iter().map(|c| c.name.as_str()).collect();
            format!("{} {} {} {}", t.class.as_deref().unwrap_or("-"), t.name, columns.join(","), t.complete)
        })
        .collect();
    assert_eq!(shown, ["OrderItem order_items id,title,extra true", "Person people id,born false"]);
}
