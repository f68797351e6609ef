//! NestJS and other controllers whose routes are decorators.

use super::{MountDecl, Resolved, RouteAdapter, RouteDecl, RouteFacts, Router};
use crate::javascript::{self, Kind, Script};
use crate::{Language, SourceFile, UNKNOWN_FRONT};
use trueup_codebase::Method;

/// The adapter.
pub(crate) struct Nest;

impl RouteAdapter for Nest {
    fn name(&self) -> &'static str {
        "NestJS"
    }

    fn reads(&self, language: Language) -> bool {
        javascript::is_script(language)
    }

    fn may_hold(&self, file: &SourceFile<'_>) -> bool {
        !javascript::is_test_file(file) && file.has_any(&["Controller(", "NestFactory"])
    }

    fn read(&self, file: &SourceFile<'_>) -> Option<RouteFacts> {
        let script = &file.script();
        let mut routers = application(file, script);
        for at in 1..script.len() {
            let is_controller = matches!(script.name(at), "Controller" | "JsonController" | "RestController");
            if is_controller && script.is_before(at, b'@') && script.is(at + 1, b'(') {
                routers.extend(controller(file, script, at));
            }
        }
        let path = file.path.clone();
        (!routers.is_empty()).then(|| RouteFacts {
            path,
            framework: "NestJS",
            routers,
            ..RouteFacts::default()
        })
    }

    fn resolve(&self, _: &str, _: &str, _: &[&str]) -> Option<Resolved> {
        None
    }
}

/// `NestFactory.create(AppModule)`: it serves every controller of its folder.
fn application(file: &SourceFile<'_>, script: &Script<'_>) -> Vec<Router> {
    let made = (0..script.len())
        .find(|at| script.name(*at) == "NestFactory" && script.name(at + 2).starts_with("create"));
    let Some(made) = made else { return Vec::new() };
    let set = (0..script.len()).find(|at| script.name(*at) == "setGlobalPrefix" && script.is(at + 1, b'('));
    let prefix = match set.and_then(|at| script.items(at + 1).into_iter().next()) {
        None => String::new(),
        Some(value) => script.evaluate(&value, file.constants()).unwrap_or_else(|| UNKNOWN_FRONT.to_owned()),
    };
    let mount = MountDecl::new("", super::EVERY_ROUTER, file.place(script.range(made)));
    vec![Router { prefix, mounts: vec![mount], is_application: true, ..Router::default() }]
}

/// A class with `@Controller(…)` at a place.
fn controller(file: &SourceFile<'_>, script: &Script<'_>, at: usize) -> Option<Router> {
    let prefixes = front(file, script, at + 1)?;
    let mut next = script.after(at + 1);
    // Other decorators may stand between, with their arguments.
    while script.name(next) != "class" {
        script.kind(next).filter(|_| next < at + 400)?;
        next = script.after(next);
    }
    let body = (next..next + 40).find(|at| script.is(*at, b'{'))?;
    let mut router = Router { name: format!("{}@{at}", script.name(next + 1)), ..Router::default() };
    let mut member = body + 1;
    let end = script.close(body);
    while member < end {
        if script.is(member, b'@') {
            let Some(method) = method_of(script.name(member + 1)) else {
                member += 1;
                continue;
            };
            let Some(open) = script.call(member + 2) else {
                member += 1;
                continue;
            };
            let place = script.range(member + 1);
            for path in paths(file, script, open) {
                for prefix in &prefixes {
                    let path = if prefix.is_empty() { path.clone() } else { format!("{prefix}/{path}") };
                    router.routes.push(RouteDecl { method, path, place: file.place(place.clone()) });
                }
            }
        }
        member = script.after(member);
    }
    Some(router)
}

/// The paths of `@Controller('orders')`, `@Controller(['a', 'b'])` and `@Controller({ path, version })`.
fn front(file: &SourceFile<'_>, script: &Script<'_>, open: usize) -> Option<Vec<String>> {
    let Some(first) = script.items(open).into_iter().next() else { return Some(vec![String::new()]) };
    if !script.is(first.start, b'{') {
        let found = paths(file, script, open);
        return (!found.is_empty()).then_some(found);
    }
    let path = match script.value_of(first.start, "path") {
        Some(value) => script.evaluate(&value, file.constants())?,
        None => String::new(),
    };
    // Where the version goes is told elsewhere.
    let versioned = script.value_of(first.start, "version").is_some();
    let hosted = if versioned { format!("{UNKNOWN_FRONT}/") } else { String::new() };
    Some(vec![format!("{hosted}{path}")])
}

/// The paths in the arguments of a decorator; the empty one where there are none.
fn paths(file: &SourceFile<'_>, script: &Script<'_>, open: usize) -> Vec<String> {
    let Some(first) = script.items(open).into_iter().next() else { return vec![String::new()] };
    let items = match script.kind(first.start) {
        Some(Kind::Mark(b'[')) => script.items(first.start),
        _ => vec![first],
    };
    items.iter().filter_map(|item| script.evaluate(item, file.constants())).collect()
}

fn method_of(decorator: &str) -> Option<Method> {
    match decorator {
        "Get" | "Post" | "Put" | "Patch" | "Delete" | "Head" | "Options" => Method::from_name(decorator),
        "All" => Some(Method::Any),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::routes;

    #[test]
    fn controllers() {
        let orders = r#"
import { Controller, Get, Post } from '@nestjs/common'
const ONE = ':id'
@ApiTags('orders') @Controller('orders')
@UseGuards(AuthGuard({ a: 1 }))
export class OrdersController {
  constructor(private readonly orders: OrdersService) {}
  @Get() findAll(@Query() query: Q) { return this.orders.get('/x', 1) }
  @HttpCode(204) @Get(ONE) @Roles('admin') findOne(@Param('id') id: string) {}
  @Post(['a', 'b'])
  create(@Body() body: B) {}
  @All('any') any() {}
}
@Controller() class Root { @Get('health') health() {} }
@Controller({ path: 'v', version: '1' }) class V { @Get('x') x() {} }
"#;
        let main = "async function bootstrap() { const app = await NestFactory.create(AppModule); app.setGlobalPrefix('api'); await app.listen(1) }";
        assert_eq!(
            routes(&[("apps/shop/src/main.ts", main), ("apps/shop/src/orders/orders.controller.ts", orders)]),
            [
                "GET /api/health",
                "GET /api/orders",
                "POST /api/orders/a",
                "* /api/orders/any",
                "POST /api/orders/b",
                "GET /api/orders/{id}",
                "GET ~/v/x",
            ]
        );
        assert_eq!(routes(&[("a.ts", "@Controller('a') class A { @Get() a() {} }")]), ["GET /a"]);
        let other = [("x/src/main.ts", main), ("libs/a.ts", "@Controller('a') class A { @Get() a() {} }")];
        assert_eq!(routes(&other), ["GET ~/a"]);
    }
}
