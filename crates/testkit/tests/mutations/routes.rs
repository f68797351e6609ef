//! The routes of the example, as a person would list them, and what has to be found when they change.

use crate::example::{Files, line_of, lines_with};
use crate::expected::{check, code, drift};
use std::collections::BTreeSet;

/// A route of the code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Route {
    /// As its spec promises it.
    pub promise: &'static str,
    /// The file that declares it.
    pub file: &'static str,
    /// A text that stands there once, at the beginning of its line of code or in it.
    pub anchor: &'static str,
    /// The method in that text.
    pub verb: &'static str,
    /// A part of the path that is text and stands in the anchor, or in the file's own path for file routes.
    pub segment: Option<&'static str>,
}

const fn route(
    promise: &'static str,
    file: &'static str,
    anchor: &'static str,
    verb: &'static str,
    segment: Option<&'static str>,
) -> Route {
    Route { promise, file, anchor, verb, segment }
}

const ORDERS: &str = "services/orders/orders/routers/orders.py";
const SHIPMENTS: &str = "services/orders/orders/routers/shipments.py";
const RETURNS: &str = "services/orders/orders/routers/returns.py";
const PAYMENTS: &str = "services/payments/src/routes/payments.rs";
const REFUNDS: &str = "services/payments/src/routes/refunds.rs";
const PRODUCTS: &str = "services/catalog/internal/products/handlers.go";
const CATALOG: &str = "services/catalog/cmd/catalog/main.go";
const SELLERS: &str = "services/catalog/internal/sellers/handlers.go";
pub(crate) const SHIPPING: &str = "services/shipping/openapi.yaml";
const BASKET: &str = "apps/web/app/api/basket/route.ts";
const ITEMS: &str = "apps/web/app/api/basket/items/route.ts";
const ITEM: &str = "apps/web/app/api/basket/items/[id]/route.ts";
const CHECK_OUT: &str = "apps/web/app/api/basket/check-out/route.ts";
const WISHLIST: &str = "apps/web/app/api/wishlist/route.ts";
const LINKS: &str = "apps/web/app/api/wishlist/share-links/route.ts";
const LINK: &str = "apps/web/app/api/wishlist/share-links/[token]/route.ts";

/// All of them.
pub(crate) const ROUTES: &[Route] = &[
    route("GET /v1/orders", ORDERS, "@router.get(\"\")", "get", None),
    route("POST /v1/orders", ORDERS, "@router.post(\"\", status_code=201)", "post", None),
    route("GET /v1/orders/{order_id}", ORDERS, "@router.get(\"/{order_id}\")", "get", None),
    route(
        "POST /v1/orders/{order_id}/cancel-request",
        ORDERS,
        "@router.post(\"/{order_id}/cancel-request\")",
        "post",
        Some("cancel-request"),
    ),
    route(
        "PUT /v1/orders/{order_id}/shipment",
        SHIPMENTS,
        "@router.put(\"/shipment\")",
        "put",
        Some("shipment"),
    ),
    route("POST /v1/returns", RETURNS, "@router.post(\"\", status_code=201)", "post", None),
    route("GET /v1/returns/{return_id}", RETURNS, "@router.get(\"/{return_id}\")", "get", None),
    route(
        "POST /v1/returns/{return_id}/approval",
        RETURNS,
        "@router.post(\"/{return_id}/approval\")",
        "post",
        Some("approval"),
    ),
    route("POST /v1/payments", PAYMENTS, ".route(\"/\", post(authorise))", "post", None),
    route("GET /v1/payments/{payment_id}", PAYMENTS, "get(read)", "get", None),
    route("DELETE /v1/payments/{payment_id}", PAYMENTS, "delete(release)", "delete", None),
    route(
        "POST /v1/payments/{payment_id}/capture",
        PAYMENTS,
        ".route(\"/{payment_id}/capture\", post(capture))",
        "post",
        Some("capture"),
    ),
    route("POST /v1/refunds", REFUNDS, ".route(\"/\", post(refund))", "post", None),
    route("GET /v1/refunds/{refund_id}", REFUNDS, ".route(\"/{refund_id}\", get(read))", "get", None),
    route("GET /v1/products", PRODUCTS, "r.Get(\"/\", h.list)", "Get", None),
    route("POST /v1/products", PRODUCTS, "r.Post(\"/\", h.create)", "Post", None),
    route("GET /v1/products/{product_id}", PRODUCTS, "r.Get(\"/{productID}\", h.read)", "Get", None),
    route(
        "PUT /v1/products/{product_id}/price",
        PRODUCTS,
        "r.Put(\"/{productID}/price\", h.setPrice)",
        "Put",
        Some("price"),
    ),
    route(
        "GET /v1/best-sellers",
        CATALOG,
        "r.Get(\"/best-sellers\", products.Best)",
        "Get",
        Some("best-sellers"),
    ),
    route("POST /v1/sellers", SELLERS, "r.Post(\"/\", join)", "Post", None),
    route("GET /v1/sellers/{seller_id}", SELLERS, "r.Get(\"/\", read)", "Get", None),
    route("PATCH /v1/sellers/{seller_id}", SELLERS, "r.Patch(\"/\", change)", "Patch", None),
    route("POST /v1/labels", SHIPPING, "post:\n      summary: Buy", "post", None),
    route("GET /v1/labels/{label_id}", SHIPPING, "get:\n      summary: Read", "get", None),
    route("DELETE /v1/labels/{label_id}", SHIPPING, "delete:\n      summary: Give", "delete", None),
    route("GET /v1/pick-up-slots", SHIPPING, "get:\n      summary: Times", "get", None),
    route("GET /api/basket", BASKET, "export async function GET(", "GET", None),
    route("DELETE /api/basket", BASKET, "export async function DELETE(", "DELETE", None),
    route("POST /api/basket/items", ITEMS, "export async function POST(", "POST", None),
    route("PATCH /api/basket/items/{id}", ITEM, "export async function PATCH(", "PATCH", None),
    route("DELETE /api/basket/items/{id}", ITEM, "export async function DELETE(", "DELETE", None),
    route("POST /api/basket/check-out", CHECK_OUT, "export async function POST(", "POST", Some("check-out")),
    route("GET /api/wishlist", WISHLIST, "export async function GET(", "GET", None),
    route("POST /api/wishlist", WISHLIST, "export async function POST(", "POST", None),
    route(
        "POST /api/wishlist/share-links",
        LINKS,
        "export async function POST(",
        "POST",
        Some("share-links"),
    ),
    route("GET /api/wishlist/share-links/{token}", LINK, "export async function GET(", "GET", None),
    route("DELETE /api/wishlist/share-links/{token}", LINK, "export async function DELETE(", "DELETE", None),
];

/// The method of a promise.
pub(crate) fn method(promise: &str) -> &str {
    promise.split(' ').next().unwrap()
}

/// The path of a promise.
pub(crate) fn path(promise: &str) -> &str {
    promise.split(' ').nth(1).unwrap()
}

/// A promise without the names of its parameters.
pub(crate) fn plain(promise: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in promise.chars() {
        inside = inside && c != '}';
        if !inside {
            out.push(c);
        }
        inside = inside || c == '{';
    }
    out
}

/// A route that is served: `GET /v1/orders/{}`, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Served {
    pub name: String,
    pub file: String,
    pub line: usize,
}

/// The routes as they are.
pub(crate) fn served(files: &Files) -> Vec<Served> {
    let one = |route: &Route| Served {
        name: plain(route.promise),
        file: route.file.to_owned(),
        line: line_of(files, route.file, route.anchor),
    };
    ROUTES.iter().map(one).collect()
}

/// What has to be found when these routes are served and the specs stay as they are: each promise that is
/// not kept, and each route that nobody promised. `spelling` says that a path has only another spelling.
pub(crate) fn expected(files: &Files, after: &[Served], spelling: bool) -> Vec<String> {
    let mut out = Vec::new();
    let names: BTreeSet<&str> = after.iter().map(|s| s.name.as_str()).collect();
    let paths: BTreeSet<&str> = names.iter().map(|name| path(name)).collect();
    for route in ROUTES.iter().filter(|r| !names.contains(plain(r.promise).as_str())) {
        let (difference, rule) = match () {
            () if paths.contains(path(&plain(route.promise))) => ("method", "endpoint-method-missing"),
            () if spelling => ("spelling", "endpoint-segment-differs"),
            () => ("not there", "endpoint-not-found"),
        };
        let line = format!("- `{}`", route.promise);
        for place in lines_with(files, |l| l == line) {
            out.push(drift(&place, "endpoints", difference, route.promise));
            out.push(check(rule, &place));
        }
    }
    let promised: BTreeSet<String> = ROUTES.iter().map(|r| plain(r.promise)).collect();
    for one in after.iter().filter(|s| !promised.contains(&s.name)) {
        out.push(code("endpoints", &one.name, &(one.file.clone(), one.line)));
    }
    out
}
