use crate::Language;
use crate::tests::{code, facts, mutated, routes};
use proptest::prelude::*;
use trueup_codebase::{NameUse, Use};

fn check(files: &[(&str, &str)], expected: &[&str]) {
    let (mut found, mut expected) = (routes(files), expected.to_vec());
    found.sort();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn fast_api_over_files() {
    let main = r#"
from fastapi import FastAPI, APIRouter
from app.core.config import settings
from .api import orders, customers as people
from .api.items import router as items_router
from . import admin
from .registry import register_reports

API = "/api"
app = FastAPI(title="Shop", root_path="/x")
v1: APIRouter = APIRouter(prefix=API + "/v1")
v1.include_router(orders.router, tags=["orders"])
v1.include_router(people.router, prefix="/customers")
v1.include_router(items_router)
app.include_router(v1)
app.include_router(admin.get_router(), prefix=settings.ADMIN_PATH)
app.mount("/static", StaticFiles(directory="static"), name="static")
register_reports(app)

@app.get("/health")
async def health(): ...

@app.api_route("/hook", methods=["GET", "POST"])
def hook(): ...

@app.websocket("/ws")
async def ws(socket): ...
"#;
    let orders = r#"
from fastapi import APIRouter, Depends
router = APIRouter(
    prefix="/orders",
    dependencies=[Depends(user)],
)
PREFIX = "/items"

@router.get("")
def list_orders(): ...

@router.post("/", status_code=201)
def create_order(): ...

@router.get(f"/{{order_id}}{PREFIX}")
async def items(order_id: int): ...

@router.delete(path="/{order_id}", response_model=None)
def remove(order_id): ...
router.add_api_route("/export", export, methods=["GET"])

@router.get(dynamic())
def unknown(): ...
"#;
    let files = [
        ("backend/app/main.py", main),
        ("backend/app/api/__init__.py", ""),
        ("backend/app/api/orders.py", orders),
        (
            "backend/app/api/customers.py",
            "from fastapi import APIRouter\nrouter = APIRouter()\n@router.patch('/{id}')\ndef f(id): ...\n",
        ),
        ("backend/app/api/items/__init__.py", "from .routes import *\n"),
        (
            "backend/app/api/items/routes.py",
            "import fastapi\nrouter = fastapi.APIRouter(prefix='/items')\n@router.put('/{file:path}')\ndef f(): ...\n",
        ),
        (
            "backend/app/admin.py",
            "from fastapi import APIRouter\ndef get_router():\n    router = APIRouter(prefix='/jobs')\n    @router.get('/x')\n    def x(): ...\n    return router\n",
        ),
        (
            "backend/app/registry.py",
            "from fastapi import FastAPI\ndef register_reports(application: FastAPI) -> None:\n    @application.get('/reports')\n    def reports(): ...\n",
        ),
        ("backend/app/late.py", "from app.main import app\n@app.get('/late')\ndef late(): ...\n"),
        ("backend/tests/test_api.py", "import respx\n@respx.get('/mocked')\ndef test_x(): ...\n"),
    ];
    check(
        &files,
        &[
            "DELETE /api/v1/orders/{order_id}",
            "GET /api/v1/orders",
            "GET /api/v1/orders/export",
            "GET /api/v1/orders/{order_id}/items",
            "GET /health",
            "GET /hook",
            "GET /late",
            "GET /reports",
            "GET ~/jobs/x",
            "PATCH /api/v1/customers/{id}",
            "POST /api/v1/orders",
            "POST /hook",
            "PUT /api/v1/items/{*file}",
            "* /static/{*rest}",
        ],
    );
}

#[test]
fn fast_api_routers_in_loops() {
    let main = "from fastapi import FastAPI\nfrom . import a, b\nfrom .all import ROUTERS\napp = FastAPI()\nfor router in (a.router, b.router):\n    app.include_router(router, prefix='/one')\nfor r in ROUTERS:\n    app.include_router(r, prefix='/two')\n";
    let all = "from shop import a\nfrom shop.b import router as b_router\nROUTERS = [a.router, b_router]\n";
    let a = "from .base import OwnRouter\nrouter: OwnRouter = OwnRouter(prefix='/a')\n@router.get('/x')\ndef x(): ...\n";
    let b = "from fastapi import APIRouter\nrouter = APIRouter()\n@router.post('/b')\ndef b(): ...\n";
    check(
        &[("shop/main.py", main), ("shop/all.py", all), ("shop/a.py", a), ("shop/b.py", b)],
        &["GET /one/a/x", "GET /two/a/x", "POST /one/b", "POST /two/b"],
    );
}

#[test]
fn starlette_lists() {
    let text = r#"
from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
class Order(HTTPEndpoint):
    async def get(self, request): ...
    async def put(self, request): ...
api = [Route("/orders/{id:int}", Order), Route("/orders", orders, methods=["GET", "POST"])]
app = Starlette(routes=[Mount("/api", routes=api), Route("/", home), Mount("/files", app=Files())])
"#;
    check(
        &[("main.py", text)],
        &[
            "GET /",
            "* /files/{*rest}",
            "GET /api/orders",
            "POST /api/orders",
            "GET /api/orders/{id}",
            "PUT /api/orders/{id}",
        ],
    );
}

#[test]
fn flask_blueprints() {
    let app = r#"
from flask import Flask
from shop.orders import bp as orders
from shop import users
def create_app():
    app = Flask(__name__)
    app.register_blueprint(orders)
    app.register_blueprint(users.bp, url_prefix="/people")
    app.add_url_rule("/ping", "ping", ping, methods=["HEAD"])
    app.add_url_rule("/stock/<sku>", view_func=StockView.as_view("stock"))
    return app
app = create_app()
@app.route("/health")
def health(): ...
class StockView(MethodView):
    def get(self, sku): ...
    def delete(self, sku): ...
"#;
    let orders = r#"
from flask import Blueprint
bp = Blueprint("orders", __name__, url_prefix="/orders")
@bp.route("/", methods=["GET", "POST"])
@login_required
def index(): ...
@bp.get("/<int:order_id>")
def show(order_id): ...
"#;
    let users = "from flask import Blueprint\nbp = Blueprint('users', __name__, url_prefix='/users')\n@bp.route('/<path:rest>')\ndef f(rest): ...\n";
    check(
        &[("src/shop/app.py", app), ("src/shop/orders.py", orders), ("src/shop/users.py", users)],
        &[
            "GET /health",
            "GET /orders",
            "POST /orders",
            "GET /orders/{order_id}",
            "GET /people/{*rest}",
            "HEAD /ping",
            "GET /stock/{sku}",
            "DELETE /stock/{sku}",
        ],
    );
}

const VIEWS: &str = r#"
from rest_framework import viewsets, mixins, generics
from rest_framework.decorators import action, api_view
from core.views import AuditMixin, BaseViewSet
class OrderViewSet(AuditMixin, viewsets.ModelViewSet):
    http_method_names = ["get", "post", "delete"]
    lookup_field = "number"
    @action(detail=True, methods=["post"], url_path="cancel-now")
    def cancel(self, request, number=None): ...
    @cancel.mapping.delete
    def uncancel(self, request): ...
    @action(detail=False)
    def recent(self, request): ...
    @action(detail=True, methods=["put"])
    def not_allowed(self, request): ...
class StockViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    def destroy(self, request, pk=None): ...
class OddViewSet(BaseViewSet): ...
class OrderItems(generics.ListCreateAPIView):
    def put(self, request): ...
class NeverMounted(generics.ListAPIView): ...
@api_view(["GET", "PATCH"])
def settings_view(request): ...
def plain(request): ...
"#;

#[test]
fn django_over_files() {
    let urls = r#"
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import TemplateView
from orders import views as order_views
api = [path("orders/", include("orders.urls")), path("settings", order_views.settings_view)]
urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include((api, "api"), namespace="v1")),
    path("auth/", include("allauth.urls")),
    re_path(r"^report/(?P<year>[0-9]{4})/$", login_required(order_views.plain)),
    path("about/", cache_page(60)(TemplateView.as_view(template_name="about.html"))),
    path("token/", TokenView.as_view()),
    path("", include([path("nested/", order_views.plain, name="nested")])),
]
if settings.DEBUG:
    urlpatterns += [path("debug/", include(debug_toolbar.urls))] + static(settings.MEDIA_URL)
"#;
    let orders = r#"
from django.urls import path, include
from rest_framework.routers import DefaultRouter
from . import views
from .views import StockViewSet
router = DefaultRouter(trailing_slash=False)
router.register(r"list", views.OrderViewSet, basename="order")
router.register("stock", StockViewSet)
router.register("odd", views.OddViewSet)
urlpatterns = [
    path("", include(router.urls)),
    path("<int:pk>/items/", views.OrderItems.as_view()),
    path("<int:pk>/sets/", views.StockViewSet.as_view({"get": "list", "post": "make"})),
]
"#;
    let files = [
        ("shop/settings/base.py", "ROOT_URLCONF = 'shop.urls'\n"),
        ("shop/settings/dev.py", "from .base import *\nROOT_URLCONF = 'shop.urls'\n"),
        ("shop/urls.py", urls),
        ("orders/urls.py", orders),
        ("orders/views.py", VIEWS),
        ("core/views.py", "class AuditMixin:\n    def log(self): ...\n"),
        ("lonely/urls.py", "from django.urls import path\nurlpatterns = [path('alone/', view)]\n"),
    ];
    check(
        &files,
        &[
            "* /about",
            "* /admin/{*rest}",
            "GET /api/orders/list",
            "POST /api/orders/list",
            "GET /api/orders/list/recent",
            "GET /api/orders/list/{number}",
            "DELETE /api/orders/list/{number}",
            "POST /api/orders/list/{number}/cancel-now",
            "DELETE /api/orders/list/{number}/cancel-now",
            "* /api/orders/odd",
            "* /api/orders/odd/{pk}",
            "GET /api/orders/stock",
            "DELETE /api/orders/stock/{pk}",
            "GET /api/orders/{pk}/items",
            "POST /api/orders/{pk}/items",
            "PUT /api/orders/{pk}/items",
            "GET /api/orders/{pk}/sets",
            "POST /api/orders/{pk}/sets",
            "GET /api/settings",
            "PATCH /api/settings",
            "* /auth/{*rest}",
            "* ~/alone",
            "* /debug/{*rest}",
            "* /nested",
            "* /report/{year}",
            "* /token",
        ],
    );
}

#[test]
fn django_routers_of_other_files() {
    let files = [
        ("config/settings.py", "ROOT_URLCONF = 'config.urls'"),
        (
            "config/urls.py",
            "from api.routers import router\nurlpatterns = [path('api/', include((own, 'x'))), re_path(r'^' + BASE + r'/(?P<id>\\d+)/$', v)]\nown = router.urls\nurlpatterns += router.urls\n",
        ),
        (
            "api/routers.py",
            "from orders.api import router as orders\nrouter = routers.SimpleRouter()\nrouter.registry.extend(orders.registry)\nnested = routers.NestedSimpleRouter(router, 'orders', lookup='order')\nnested.register('items', ItemViewSet)\n",
        ),
        (
            "orders/api.py",
            "from rest_framework import viewsets\nclass Orders(viewsets.ReadOnlyModelViewSet): pass\nrouter = SimpleRouter()\nrouter.register('orders', Orders)\n",
        ),
    ];
    check(
        &files,
        &[
            "GET /api/orders",
            "GET /api/orders/{pk}",
            "GET /orders",
            "GET /orders/{pk}",
            "* ~/orders/{order_pk}/items",
            "* ~/orders/{order_pk}/items/{pk}",
            "* ~/{id}",
        ],
    );
}

#[test]
fn tests_of_all_kinds() {
    let check = |path: &str, text: &str, expected: &[&str]| {
        let shown = facts(path, text).tests.into_iter().map(|test| {
            format!(
                "{}{}{}",
                test.suites.iter().map(|s| format!("{s} > ")).collect::<String>(),
                test.name,
                if test.skipped { " (skipped)" } else { "" }
            )
        });
        assert_eq!(shown.collect::<Vec<_>>(), expected, "{path}");
    };
    check(
        "tests/test_orders.py",
        r#"
import pytest
@pytest.mark.parametrize("a", [1, 2])
def test_total(a): ...
@pytest.mark.skip(reason="later")
async def test_later(): ...
@pytest.mark.skipif(sys.platform == "win32", reason="x")
def test_sometimes():
    def test_inner(): ...
class TestOrder:
    def test_sum(self): ...
    class TestDeep:
        @pytest.mark.skip
        def test_deep(self): ...
    def helper(self): ...
class Helper:
    def test_not_collected(self): ...
def test_not_yet():
    """Not yet."""
    pytest.skip("later")
"#,
        &[
            "test_total",
            "test_later (skipped)",
            "test_sometimes",
            "TestOrder > test_sum",
            "TestOrder > TestDeep > test_deep (skipped)",
            "test_not_yet (skipped)",
        ],
    );
    check(
        "orders/checks.py",
        "from django.test import TestCase\nclass Base(TestCase): ...\n@unittest.skip('x')\nclass Orders(Base):\n    def testSum(self): ...\n    def setUp(self): ...\ndef test_x(): ...\n",
        &["Orders > testSum (skipped)"],
    );
    check("test_all.py", "pytestmark = [pytest.mark.skip]\ndef test_a(): ...", &["test_a (skipped)"]);
    check("shop/orders.py", "def test_x(): ...\ndef tester(): ...", &[]);
}

fn names(uses: &[NameUse]) -> Vec<String> {
    let mark = |how| match how {
        Use::Read => "",
        Use::Declared => " declared",
        Use::Sent => " sent",
    };
    let mut out: Vec<String> = uses.iter().map(|name| format!("{}{}", name.name, mark(name.how))).collect();
    out.sort();
    out
}

#[test]
fn environment_variables() {
    let check =
        |text: &str, expected: &[&str]| assert_eq!(names(&facts("a.py", text).env_vars), expected, "{text}");
    check(
        "import os\na = os.environ['ORDER_LIMIT']\nb = os.environ.get(\"MODE\", 'x')",
        &["MODE", "ORDER_LIMIT"],
    );
    check("from os import getenv, environ\nKEY = 'K'\na = getenv(KEY)\nif 'X' in environ: pass", &["K", "X"]);
    check("os.environ['WRITTEN'] = '1'\nos.getenv(name)\nconfig('NO')\nenv('NO')", &[]);
    check("from decouple import config\nD = config('DEBUG', default=False, cast=bool)", &["DEBUG"]);
    check(
        "import environ\nenv = environ.Env(DEBUG=(bool, False))\nX = env.db('DATABASE_URL')\nY = env('KEY')",
        &["DATABASE_URL", "DEBUG declared", "KEY"],
    );
    check("@click.option('--x', envvar='ORDER_X')\ndef f(x): os.environ", &["ORDER_X"]);
    check(
        r#"
class Base(BaseSettings): ...
class Settings(Base):
    model_config = SettingsConfigDict(env_prefix="SHOP_", env_file=".env")
    order_limit: int = 10
    key: str = Field(validation_alias=AliasChoices("KEY", "OLD_KEY"))
    _own: int = 1
class Old(pydantic.BaseSettings):
    debug: bool
    class Config:
        env_prefix = "OLD_"
class Unknown(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=prefix())
    lost: int
"#,
        &["KEY", "OLD_DEBUG", "OLD_KEY", "SHOP_ORDER_LIMIT"],
    );
    // Settings that are put together from several classes, the prefix of which stands above.
    check(
        r#"
class Shared(BaseModel):
    order_limit: int = 10
class Prefixed(BaseSettings):
    class Config:
        env_prefix = "SHOP_"
class Settings(Shared, Prefixed):
    debug: bool = False
"#,
        &["SHOP_DEBUG", "SHOP_ORDER_LIMIT"],
    );
    // What a server hands to an application of WSGI is a request.
    check("def f(environ, start):\n    return environ.get('HTTP_HOST'), environ['PATH_INFO']", &[]);
}

#[test]
fn flags_and_events() {
    let text = r#"
if client.is_enabled("new-checkout"): ...
if flag_is_active(request, "beta"): ...
@waffle_switch("stock")
def f():
    bus.publish("orders.order.created", payload)
    await emit(event="orders.order.removed")
    producer.send(topic="orders.v1", value=x)
    mailer.send("subject", "body.txt")
    signal.send(sender=Order)
    on = client.get_boolean_value(flag_key="fast-lane", default_value=False)
"#;
    let facts = facts("a.py", text);
    assert_eq!(names(&facts.flags), ["beta", "fast-lane", "new-checkout", "stock"]);
    assert_eq!(
        names(&facts.events),
        ["orders.order.created sent", "orders.order.removed sent", "orders.v1 sent"]
    );
}

fn tables(files: &[(&str, &str)], expected: &[&str]) {
    let shown = code(files).tables.into_iter().map(|table| {
        let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        let rest = if table.complete { "" } else { " and more" };
        format!("{} {}({}){rest}", table.class.as_deref().unwrap_or("-"), table.name, columns.join(","))
    });
    assert_eq!(shown.collect::<Vec<_>>(), expected);
}

#[test]
fn django_models() {
    let models = r#"
from django.db import models
from core.models import Timed
class Money(models.Model):
    amount = models.DecimalField(max_digits=9)
    class Meta:
        abstract = True
class Order(Timed, Money):
    number = models.CharField(max_length=9, primary_key=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE)
    state = models.CharField(db_column="status")
    tags = models.ManyToManyField(Tag)
    objects = OrderManager()
    LIMIT = 3
class OrderItem(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE)
    class Meta:
        db_table = "order_items"
class Proxy(Order):
    class Meta:
        proxy = True
class Unknown(Odd):
    name = models.TextField()
class OrderForm(forms.Form):
    name = forms.CharField()
"#;
    let core = "from django.db import models\nclass Timed(models.Model):\n    created_at = models.DateTimeField()\n    class Meta:\n        abstract = True\n";
    tables(
        &[("shop/orders/models.py", models), ("core/models.py", core)],
        &[
            "OrderItem order_items(id,order_id)",
            "Order orders_order(number,customer_id,status,amount,created_at)",
            "Unknown orders_unknown(name) and more",
        ],
    );
}

#[test]
fn sqlalchemy_tables() {
    let base = "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase):\n    pass\nclass Timed:\n    created_at: Mapped[datetime] = mapped_column()\n";
    let models = r#"
from sqlalchemy import Column, Integer
from .base import Base, Timed
class Order(Timed, Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    state: Mapped[str] = mapped_column("status", String(9))
    total: Mapped[Decimal]
    items: Mapped[list["Item"]] = relationship(back_populates="order")
    LIMIT = 3
class Item(Elsewhere):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
links = Table("links", metadata, Column("order_id", ForeignKey("orders.id")), UniqueConstraint("order_id"))
odd = Table("odd", metadata, Column("a"), *more)
"#;
    tables(
        &[("app/base.py", base), ("app/models.py", models)],
        &[
            "Item items(id) and more",
            "- links(order_id)",
            "- odd(a) and more",
            "Order orders(id,status,total,created_at)",
        ],
    );
    tables(
        &[(
            "m.py",
            "from sqlmodel import SQLModel, Field\nclass HeroBase(SQLModel):\n    name: str\nclass Hero(HeroBase, table=True):\n    id: int | None = Field(default=None, primary_key=True)\n    team: Team = Relationship()\n",
        )],
        &["Hero hero(id,name)"],
    );
    tables(
        &[("m.py", "from app import db\nclass OrderItem(db.Model):\n    id = db.Column(db.Integer)\n")],
        &["OrderItem order_item(id)"],
    );
}

#[test]
fn alembic_migrations_run_in_the_order_of_their_chain() {
    let first = r#"
from alembic import op
revision = "f1"
down_revision = None
def upgrade():
    op.create_table("orders", sa.Column("id", sa.Integer), sa.Column("old", sa.Text), sa.PrimaryKeyConstraint("id"))
    op.create_table("gone", sa.Column("id", sa.Integer))
def downgrade():
    op.drop_table("orders")
"#;
    let second = r#"
from alembic import op
revision: str = "a2"
down_revision: str = "f1"
def upgrade():
    op.add_column("orders", sa.Column("note", sa.Text))
    op.alter_column("orders", "old", new_column_name="new")
    op.drop_table("gone")
    with op.batch_alter_table("orders") as batch_op:
        batch_op.add_column(sa.Column("late", sa.Text))
        batch_op.drop_column("note")
def downgrade():
    op.drop_column("orders", "late")
"#;
    tables(
        &[("alembic/versions/f1_first.py", first), ("alembic/versions/a2_second.py", second)],
        &["- orders(id,new,late)"],
    );
}

#[test]
fn deep_nesting_ends() {
    for (open, close) in [("(", ")"), ("[", "]"), ("a.b(", ")"), ("-", ""), ("not ", ""), ("f'{", "}'")] {
        let text = format!(
            "import os, fastapi, django\nurlpatterns = {}'x'{}\nos.environ['X']",
            open.repeat(20_000),
            close.repeat(20_000)
        );
        let _ = facts("a.py", &text);
    }
    let mut text = String::from("from fastapi import APIRouter\n");
    for depth in 0..3000 {
        text.push_str(&" ".repeat(depth));
        text.push_str("if x:\n");
    }
    let _ = facts("a.py", &text);
    let sum = format!("from alembic import op\nurlpatterns = {}[path('x', y)]", "a.b + ".repeat(4_000));
    let _ = facts("test_a.py", &sum);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_read(text in "(?s)(urlpatterns = |@app\\.get\\(|path\\(|import fastapi|class |\\(|\\)|'|\"|\\[|=|\n| |[a-z]{1,4}|.){0,60}") {
        let _ = facts("a/urls.py", &text);
        let _ = facts("a/test_x.py", &format!("import django, flask, alembic, sqlalchemy\n{text}"));
    }

    #[test]
    fn mutated_sources_are_read(at in 0_usize..4, seeds in prop::collection::vec((any::<usize>(), any::<u8>()), 1..6)) {
        let sources = [
            VIEWS,
            "from fastapi import FastAPI\napp = FastAPI()\nr = APIRouter(prefix='/a')\napp.include_router(r, prefix=f'/é{x}/y')\n@r.get(\"/{id}\")\ndef f(): return r\n",
            "from django.urls import path\nurlpatterns = [path('a/<int:é>/', views.V.as_view()), re_path(r'^(?P<a>x)$', v), *[include('b.urls')]] + i18n_patterns(path('', x))\n",
            "from django.db import models\nfrom sqlalchemy import Table\nimport alembic\nclass A(models.Model):\n    é = models.ForeignKey(B, db_column='c')\nt = Table('a', m, Column('b'))\nop.add_column('a', Column('c'))\nclass TestX(TestCase):\n    def test_a(self): os.environ['X']\n",
        ];
        let text = mutated(sources[at], &seeds);
        let facts = facts("orders/urls.py", &text);
        let _ = crate::assemble(vec![facts], &crate::Options::default());
    }
}

#[test]
fn readers_know_their_language() {
    assert!(crate::routes::adapters().iter().filter(|adapter| adapter.reads(Language::Python)).count() >= 3);
}

#[test]
fn applications_have_labels() {
    let models = "from django.db import models\nclass Order(models.Model):\n    class Meta:\n        app_label = 'own'\nclass Item(models.Model, WithUrl):\n    name = models.CharField()\n";
    let base = "from django.db import models\nclass WithUrl:\n    def url(self): ...\n";
    let config = "from shop.plugin import PluginAppConfig\nclass A(PluginAppConfig):\n    name = 'shop.app'\n    label = 'core'\n";
    tables(
        &[
            ("shop/app/apps.py", config),
            ("shop/app/models/base.py", base),
            ("shop/app/models/order.py", models),
            ("shop/other/models.py", "from django.db import models\nclass Note(models.Model): ...\n"),
        ],
        &["Item core_item(id,name)", "Note other_note(id)", "Order own_order(id)"],
    );
}

#[test]
fn what_libraries_serve_is_not_read() {
    let unread = |files: &[(&str, &str)]| {
        let shown = code(files).unread_routes.into_iter();
        shown.map(|u| format!("{}{}", if u.whole { "" } else { "~" }, u.below)).collect::<Vec<_>>()
    };
    let main = "from fastapi import FastAPI\nfrom users import auth\nfrom . import orders\napp = FastAPI()\napp.include_router(auth.get_router(), prefix='/auth')\napp.include_router(orders.router, prefix='/orders')\n";
    let orders = "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/{id}')\ndef f(): ...\n";
    assert_eq!(unread(&[("app/main.py", main), ("app/orders.py", orders)]), ["/auth"]);
    let urls = "from django.urls import path, include\nfrom rest import router\nurlpatterns = [path('a/', view), path('accounts/', include('library.urls'))]\nfor r in router.all():\n    urlpatterns.append(path(FRONT, include(r.urls)))\n";
    assert_eq!(unread(&[("shop/urls.py", urls)]), ["~/", "~/accounts"]);
}

#[test]
fn applications_that_functions_make() {
    let api = "from fastapi import FastAPI\nfrom .handlers import orders, people\ndef create():\n    api = FastAPI()\n    for router in [orders.router, people.router]:\n        api.include_router(router)\n    return api\napi_v1 = create()\n";
    let main = "from fastapi import FastAPI\nfrom .api import api_v1\ndef make() -> FastAPI:\n    app = FastAPI()\n    configure(app)\n    return app\ndef configure(app: FastAPI):\n    app.mount('/api/v1', api_v1)\n    @app.get('/docs')\n    def docs(): ...\napp = make()\n";
    let one = |path: &str| {
        format!("from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('{path}')\ndef f(): ...\n")
    };
    check(
        &[
            ("app/main.py", main),
            ("app/api.py", api),
            ("app/handlers/__init__.py", ""),
            ("app/handlers/orders.py", &one("/orders")),
            ("app/handlers/people.py", &one("/people")),
        ],
        &["GET /docs", "GET /api/v1/orders", "GET /api/v1/people"],
    );
}

#[test]
fn views_of_a_base_in_another_file() {
    let views = "from flask import Blueprint\nfrom flask_restful import Api\nfrom auth import OwnResource\nmod = Blueprint('orders', __name__)\napi = Api(mod)\nclass Order(OwnResource):\n    def get(self, order_id): ...\n    def put(self, order_id): ...\nclass Other(OwnResource): ...\napi.add_resource(Order, '/orders/<int:order_id>')\napi.add_resource(Other, '/others')\n";
    let auth = "from flask_restful import Resource\nclass OwnResource(Resource):\n    decorators = []\n";
    check(
        &[("orders.py", views), ("auth.py", auth)],
        &["GET ~/orders/{order_id}", "PUT ~/orders/{order_id}", "* ~/others"],
    );
}
