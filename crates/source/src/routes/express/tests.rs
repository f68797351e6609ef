use crate::tests::routes;

fn check(files: &[(&str, &str)], expected: &[&str]) {
    assert_eq!(routes(files), expected, "{files:#?}");
}

#[test]
fn one_file() {
    check(
        &[(
            "src/app.js",
            r#"
const express = require('express');
const app = express();
app.set('port', 3000);
app.get('port');
app.use(express.json());
app.get('/', (req, res) => res.send('x'));
app.get(['/a', '/b/:id'], handler);
app.route('/orders').get(list).post(auth, create);
app.all('/any', h);
app.get('/opt/:id?', h);
app.get(/regex/, h);
app.del('/gone', h);
app.listen(3000);
client.get('/not', h);
"#,
        )],
        &[
            "GET /",
            "GET /a",
            "* /any",
            "GET /b/{id}",
            "DELETE /gone",
            "GET /opt",
            "GET /opt/{id}",
            "GET /orders",
            "POST /orders",
        ],
    );
}

#[test]
fn several_files() {
    check(
        &[
            (
                "src/app.ts",
                r#"
import express from 'express'
import { ordersRouter } from './orders'
import items, { other as more } from "./items.routes.js"
import * as admin from './admin'
const API = '/api'
const app = express()
app.use(cors())
app.use(`${API}/orders`, auth(), ordersRouter)
app.use(API + '/items', items)
app.use(more)
app.use(['/admin', '/root'], admin.router)
app.use('/legacy', require('./legacy'))
app.use('/lazy', require('./lazy')(db))
export default app
"#,
            ),
            ("src/orders/index.ts", "export { router as ordersRouter } from './orders.routes'"),
            (
                "src/orders/orders.routes.ts",
                r#"
import { Router } from 'express'
import { nested } from './nested'
export const router: Router = Router({ mergeParams: true })
router.get('/', list)
router.get<{ id: string }>('/:id', get)
router.use('/:id/lines', nested)
"#,
            ),
            (
                "src/orders/nested.ts",
                "import * as express from 'express'; const nested = express.Router(); nested.post('/', x, y); export { nested }",
            ),
            (
                "src/items.routes.ts",
                "import { Router } from 'express'\nconst r = Router()\nr.get('/', h)\nexport default r\nexport const other = Router().get('/more', h)",
            ),
            (
                "src/admin.ts",
                "import { Router } from 'express'\nexport const router = Router()\nrouter.delete('/x', h)",
            ),
            (
                "src/legacy.js",
                "const router = require('express').Router();\nrouter.put('/y', h);\nmodule.exports = router;",
            ),
            (
                "src/lazy.js",
                "const { Router } = require('express');\nmodule.exports = (db) => { const router = Router(); router.get('/z', h); return router }",
            ),
            (
                "src/alone.js",
                "const router = require('express').Router();\nrouter.get('/alone', h);\nmodule.exports = router;",
            ),
        ],
        &[
            "DELETE /admin/x",
            "GET ~/alone",
            "GET /api/items",
            "GET /api/orders",
            "GET /api/orders/{id}",
            "POST /api/orders/{id}/lines",
            "GET /lazy/z",
            "PUT /legacy/y",
            "GET /more",
            "DELETE /root/x",
        ],
    );
}

#[test]
fn functions_and_classes() {
    check(
        &[
            (
                "src/server.ts",
                r#"
import express, { Application } from 'express'
import { registerOrders } from './register'
import OrdersController from './controller'
import { createBilling } from './billing'
class App {
  public app: Application
  private port = 1
  constructor() {
    this.app = express()
    this.app.get('/health', (req, res) => { res.send('ok') })
    this.app.use('/orders', new OrdersController(db).router)
    registerOrders(this.app, { db })
    this.app.use('/billing', createBilling({ db }))
  }
}
"#,
            ),
            (
                "src/register.ts",
                "import type { Express } from 'express'\nexport const registerOrders = (app: Express, deps: Deps): void => {\n  app.get('/registered', h)\n}",
            ),
            (
                "src/controller.ts",
                "import { Router } from 'express'\nexport default class OrdersController {\n  router = Router()\n  constructor() { this.routes() }\n  routes() { this.router.get('/', this.list); this.router.post('/', (r) => this.create(r)) }\n}",
            ),
            (
                "src/billing.ts",
                "import { Router } from 'express'\nexport function createBilling(deps: Deps): Router {\n  const router = Router();\n  router.get('/invoices', h);\n  return router;\n}\nfunction other(router) { return router }",
            ),
        ],
        &["GET /billing/invoices", "GET /health", "GET /orders", "POST /orders", "GET /registered"],
    );
}

#[test]
fn routes_added_from_another_file() {
    check(
        &[
            ("src/app.js", "const express = require('express')\nconst app = express()\nmodule.exports = app"),
            ("src/orders.js", "const app = require('./app')\napp.get('/orders', h)"),
            ("src/lost.js", "import { router } from './nowhere'\nrouter.get('/lost', h)"),
        ],
        &["GET /orders"],
    );
}

#[test]
fn fastify() {
    check(
        &[
            (
                "src/app.js",
                r#"
import Fastify from 'fastify'
import orders from './orders.js'
const fastify = Fastify({ logger: true })
fastify.get('/health', async () => ({}))
fastify.get('/with', { schema }, async (request, reply) => {})
fastify.route({ method: ['PUT', 'PATCH'], url: '/both', handler })
fastify.register(orders, { prefix: '/v1/orders' })
fastify.register(async (instance, opts) => { instance.get('/in', h) }, { prefix: '/inline' })
fastify.register(import('./lazy.js'), { prefix: '/lazy' })
await fastify.listen({ port: 1 })
"#,
            ),
            (
                "src/orders.js",
                "import fp from 'fastify-plugin'\nexport default fp(async function (fastify, opts) {\n  fastify.get('/:id', h)\n})",
            ),
            (
                "src/lazy.js",
                "const routes: FastifyPluginAsync<X> = async (app) => { app.post('/', h) }\nexport default routes",
            ),
        ],
        &[
            "PUT /both",
            "PATCH /both",
            "GET /health",
            "GET /inline/in",
            "POST /lazy",
            "GET /v1/orders/{id}",
            "GET /with",
        ],
    );
}

#[test]
fn koa_hono_elysia_hapi() {
    check(
        &[(
            "koa.js",
            r#"
const Koa = require('koa'); const Router = require('@koa/router');
const app = new Koa(); const router = new Router({ prefix: '/api' }); const inner = new Router();
router.get('order', '/orders/:id', h).post('/orders', h);
inner.get('/deep', h);
router.use('/in', inner.routes(), inner.allowedMethods());
app.use(router.routes()).use(router.allowedMethods());
"#,
        )],
        &["GET /api/in/deep", "POST /api/orders", "GET /api/orders/{id}"],
    );
    check(
        &[
            (
                "src/index.ts",
                r#"
import { Hono } from 'hono'
import orders from './orders'
const app = new Hono().basePath('/api')
app.get('/a', (c) => c.text('x')).post('/b', zValidator('json', schema), (c) => c.json({}))
app.route('/orders', orders)
app.on(['PUT', 'DELETE'], '/on', h)
export default app
"#,
            ),
            (
                "src/orders.ts",
                "import { OpenAPIHono, createRoute } from '@hono/zod-openapi'\nconst one = createRoute({ method: 'get', path: '/{id}', responses: {} })\nconst app = new OpenAPIHono()\napp.openapi(one, (c) => c.json({}))\napp.openapi(createRoute({ method: 'post', path: '/' }), h)\nexport default app",
            ),
        ],
        &[
            "GET /api/a",
            "POST /api/b",
            "PUT /api/on",
            "DELETE /api/on",
            "POST /api/orders",
            "GET /api/orders/{id}",
        ],
    );
    check(
        &[(
            "e.ts",
            "import { Elysia } from 'elysia'\nnew Elysia({ prefix: '/v1' }).get('/x', () => 'a').group('/g', (app) => app.post('/y', h)).listen(1)",
        )],
        &["POST /v1/g/y", "GET /v1/x"],
    );
    check(
        &[(
            "h.js",
            "const Hapi = require('@hapi/hapi');\nconst server = Hapi.server({});\nserver.route([{ method: 'GET', path: '/h/{id}', handler }, { method: '*', path: '/all', handler }]);",
        )],
        &["* /all", "GET /h/{id}"],
    );
}

#[test]
fn what_is_no_route() {
    check(
        &[
            (
                "src/client.ts",
                "import axios from 'axios'\nexport const load = (api) => axios.get('/api/x', { a: 1 })\nconst cache = new Map(); cache.get('/x', 1); request(app).get('/y', z)",
            ),
            (
                "src/app.test.ts",
                "import express from 'express'\nconst app = express()\napp.get('/test-only', h)",
            ),
            (
                "src/dynamic.ts",
                "import express from 'express'\nconst app = express()\napp.get(path, h); app.get(`/x/${id}`, h); app.get(`${base}/known`, h)",
            ),
        ],
        &["GET ~/known"],
    );
}

#[test]
fn loops_take_routers_in() {
    let orders = "const express = require('express'); const router = express.Router(); router.get('/:id', h); module.exports = router;";
    let lists = [
        "const all = [{ path: '/orders', route: require('./orders') }];\nall.forEach((r) => { router.use(r.path, r.route); });",
        "const all: Item[] = [{ path: '/orders', route: orders }];\nfor (const { path, route: to } of all) { router.use(path, to); }",
        "[['/orders', orders]].forEach(([path, to]) => router.use(path, to));",
        "[orders].forEach(function (one) { router.use('/orders', one); });",
    ];
    for list in lists {
        let index = format!(
            "const express = require('express'); const orders = require('./orders'); const router = express.Router();\n{list}\nmodule.exports = router;"
        );
        let app = "const app = require('express')(); app.use('/v1', require('./routes'));";
        check(
            &[("app.js", app), ("routes/index.js", &index), ("routes/orders.js", orders)],
            &["GET /v1/orders/{id}"],
        );
    }
}

#[test]
fn routers_from_wrappers_and_objects() {
    let routes = "const express = require('../common/express');\nmodule.exports = () => { const router = express.Router('orders'); router.get('/orders', h); return router; };";
    let app = "const express = require('../common/express');\nconst routes = require('./routes');\nmodule.exports = () => { const app = express('admin'); app.use(routes()); return app; };";
    let main = "const express = require('../common/express');\nconst app = express('main');\napp.lazyUse('/api', require('./app'));\napp.use(BASE_PATH, require('./other'));";
    let other =
        "const router = require('express').Router(); router.get('/else', h); module.exports = router;";
    check(
        &[("web/app.js", app), ("web/main.js", main), ("web/other.js", other), ("web/routes.js", routes)],
        &["GET /api/orders", "GET ~/else"],
    );
    let hooks = "exports.create = (name, args, cb) => { args.app.get('/pads/:id', (req, res) => {}); args.app.get('trust proxy'); };";
    check(&[("hooks/pads.js", hooks)], &["GET /pads/{id}"]);
    let given = "export default ({ app, log }) => { app.post('/carts', h) }";
    check(&[("carts.js", given)], &["POST /carts"]);
}

#[test]
fn classes_that_stand_below_a_router() {
    let base = "const { Router } = require('express');\nclass Controller { constructor() { this.app = Router(); }\n get(path, h) { this.app.get(path, h.bind(this)); }\n get router() { return this.app; } }\nmodule.exports = Controller;";
    let orders = "const Controller = require('./controller');\nclass Orders extends Controller { constructor(c) { super(c); this.get('/', this.list); this.post('/:id/pay', this.pay, ADMIN); }\n load() { return this.get('/remote', {}); } }\nmodule.exports = Orders;";
    let index = "const Controller = require('./controller'); const Orders = require('./orders');\nclass Index extends Controller { constructor(c) { super(c); this.app.use('/orders', new Orders(c).router); this.use('/two', new Orders(c).router); } }\nmodule.exports = Index;";
    let app = "const express = require('express'); const Index = require('./index');\nconst app = express(); app.use('/api', new Index({}).router);";
    check(
        &[("app.js", app), ("controller.js", base), ("index.js", index), ("orders.js", orders)],
        &["GET /api/orders", "POST /api/orders/{id}/pay", "GET /api/two", "POST /api/two/{id}/pay"],
    );
}

#[test]
fn files_that_only_hand_on() {
    let router =
        "const router = require('express').Router(); router.get('/carts', h); module.exports = () => router;";
    let app = "const app = require('express')(); app.use('/v1', require('./api'));";
    check(
        &[
            ("api/index.js", "module.exports = require('./routes');"),
            ("api/routes.js", router),
            ("app.js", app),
        ],
        &["GET /v1/carts"],
    );
}
