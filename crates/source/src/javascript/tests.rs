use crate::tests::{code, facts, mutated};
use crate::{Options, read};
use proptest::prelude::*;
use trueup_codebase::{NameUse, Use};

fn cases(path: &str, text: &str, expected: &[&str]) {
    let shown: Vec<String> = facts(path, text)
        .tests
        .iter()
        .map(|t| {
            format!(
                "{}{}{}",
                if t.skipped { "-" } else { "" },
                t.suites.iter().map(|s| format!("{s} > ")).collect::<String>(),
                t.name
            )
        })
        .collect();
    assert_eq!(shown, expected, "{text}");
}

#[test]
fn tests_of_every_library() {
    cases(
        "src/a.test.ts",
        r#"
import { describe, it } from 'vitest'
const NAME = 'adds'
describe('orders', () => {
  beforeEach(() => {})
  it('creates', async () => { expect(a.it('x', 1)).toBe(1) })
  it.only("it's", fn)
  it.skip('skipped', fn)
  it.todo('later')
  it(NAME + ' up', fn)
  it(`adds ${a}`, fn)
  describe.each([1, 2])('with %s', (n) => { test.each`a | b
    ${1} | ${2}`('row $a', fn) })
  describe.skip(OrderService.name, () => { it('inside', fn) })
})
test.each<[number]>([[1]])('top %d', fn)
it(dynamic(), fn)
"#,
        &[
            "orders > creates",
            "orders > it's",
            "-orders > skipped",
            "-orders > later",
            "orders > adds up",
            "orders > adds ${a}",
            "orders > with %s > row $a",
            "-orders > OrderService > inside",
            "top %d",
        ],
    );
    cases(
        "e2e/shop.ts",
        r#"
test.describe('shop', () => {
  test.use({ a: 1 })
  test.beforeEach(async () => {})
  test('TC-1 buys', { tag: '@smoke' }, async ({ page }) => { await test.step('x', fn) })
  test.skip('off', async () => {})
  test('maybe', async () => { test.skip(isMobile, 'no') })
  test.fixme('broken', fn)
})
"#,
        &["shop > TC-1 buys", "-shop > off", "shop > maybe", "-shop > broken"],
    );
    cases(
        "test/a.js",
        "const test = require('node:test'); test('a', async (t) => { await t.test('inner', fn) }); test('o', { skip: true }, fn); xit('b', fn); context('c', function () { specify('d', fn); it('pending') })",
        &["a", "inner", "-o", "-b", "c > d", "-c > pending"],
    );
    cases(
        "src/a_test.ts",
        "Deno.test('d', fn); Deno.test({ name: 'e', fn() {} }); QUnit.test('q', fn)",
        &["d", "e", "q"],
    );
    cases("src/a.ts", "it('is no test', fn); test('x', fn)", &[]);
}

fn names(list: &[NameUse]) -> Vec<String> {
    let mark = |how| match how {
        Use::Read => "",
        Use::Declared => "+",
        Use::Sent => "!",
    };
    list.iter().map(|n| format!("{}{}", mark(n.how), n.name)).collect()
}

#[test]
fn environment_variables() {
    for (text, expected) in [
        (
            "process.env.API_URL + process.env['DB_URL'] + process?.env?.PORT",
            vec!["API_URL", "DB_URL", "PORT"],
        ),
        ("const { A_B, C_D: c = 'x' } = process.env", vec!["A_B", "C_D"]),
        ("const env = process.env; f(env.A_B, x.env.NO_T, env.lower)", vec!["A_B"]),
        ("function f(env: NodeJS.ProcessEnv = process.env) { return env.A_B }", vec!["A_B"]),
        (
            "import.meta.env.VITE_X || import.meta.env.MODE || Deno.env.get('D_E') || Bun.env.B_E",
            vec!["VITE_X", "D_E", "B_E"],
        ),
        (
            "process.env.SET_IT = 'x'; delete process.env.GONE_X; if (process.env.CMP_X === 'y') {}",
            vec!["CMP_X"],
        ),
        (
            "this.configService.get<string>('DB_HOST'); config.getOrThrow('A_KEY'); map.get('NO_T')",
            vec!["DB_HOST", "A_KEY"],
        ),
        ("const s = z.object({ A_B: z.string(), name: z.string() }); s.parse(process.env)", vec!["A_B"]),
        ("const s = Joi.object().keys({ A_B: Joi.string() }); s.validate(process.env)", vec!["A_B"]),
        ("const s = z.object({ A_B: z.string() }); s.parse(body); const env = 1", vec![]),
        (
            "createEnv({ server: { A_B: z.string() }, client: { NEXT_PUBLIC_X: z.string() }, runtimeEnv: process.env })",
            vec!["A_B", "NEXT_PUBLIC_X"],
        ),
        ("cleanEnv(process.env, { A_B: str(), C: num() })", vec!["A_B"]),
        ("`x ${process.env.IN_T} y`; process.env[name]", vec!["IN_T"]),
    ] {
        assert_eq!(names(&facts("src/a.ts", text).env_vars), expected, "{text}");
    }
}

#[test]
fn feature_flags() {
    let options =
        Options { flag_functions: vec!["toggles.active".into(), "on".into()], ..Options::default() };
    for (text, expected) in [
        ("await client.getBooleanValue('new-checkout', false)", vec!["new-checkout"]),
        (
            "ldClient.variation(\"a-b\", ctx, false); unleash.isEnabled('c'); list.isEnabled('no')",
            vec!["a-b", "c"],
        ),
        (
            "const FLAGS = { X: 'x-flag' } as const; useFlag(FLAGS.X); useFlag(FLAGS.Y); useFlag(name)",
            vec!["x-flag"],
        ),
        ("if (feature('beta')) {} isFeatureEnabled(`g`); getFlags().isOn('h')", vec!["beta", "g", "h"]),
        (
            "const { newCheckout, dark: d } = useFlags(); const flags = useFlags(); flags.other",
            vec!["newCheckout", "dark", "other"],
        ),
        ("export const f = flag({ key: 'show-x', decide })", vec!["+show-x"]),
        (
            "toggles.active('mine'); on('too'); other.active('no'); emitter.on('click', f)",
            vec!["mine", "too", "click"],
        ),
        ("function isFeatureEnabled(name) {}", vec![]),
    ] {
        let facts = read(&"src/a.ts".into(), text, &options);
        assert_eq!(names(&facts.flags), expected, "{text}");
    }
}

#[test]
fn events() {
    for (path, text, expected) in [
        (
            "src/a.ts",
            "bus.emit('orders.order.created', { id }); emitter.emit('error'); this.events.publish(\"a:b\", x)",
            vec!["!orders.order.created", "!a:b"],
        ),
        (
            "src/a.ts",
            "publish({ type: 'orders.paid', data }); producer.send({ topic: 'orders.sent', messages }); res.send('a.b')",
            vec!["!orders.paid", "!orders.sent"],
        ),
        (
            "src/a.ts",
            "const E = { C: 'a.created' }; emitOrdersEvent(E.C, x); emit(name); emit(`a.${b}`)",
            vec!["!a.created"],
        ),
        (
            "src/modules/orders/events.ts",
            "export const events = [{ id: 'orders.order.created', label: 'Order.created' }, { id: 'orders.order.paid', entity: 'order' }] as const",
            vec!["+orders.order.created", "+orders.order.paid"],
        ),
        (
            "src/order.events.ts",
            "export const ORDER_EVENTS = { CREATED: 'order.created' }; export enum E { Paid = 'order.paid' }; const x = { path: 'a.b' }",
            vec!["+order.created", "+order.paid"],
        ),
    ] {
        assert_eq!(names(&facts(path, text).events), expected, "{text}");
    }
}

fn tables(files: &[(&str, &str)], expected: &[&str]) {
    let shown: Vec<String> = code(files)
        .tables
        .iter()
        .map(|t| {
            let columns: Vec<&str> = t.columns.iter().map(|c| c.name.as_str()).collect();
            format!("{} {}{}: {}", t.source, t.name, if t.complete { "" } else { "?" }, columns.join(" "))
        })
        .collect();
    assert_eq!(shown, expected, "{files:#?}");
}

const MIKRO: &str = r#"
import { Entity, PrimaryKey, Property, ManyToOne, OneToMany, Collection, OptionalProps } from '@mikro-orm/core'
import { Base } from './base'
@Entity({ tableName: 'orders' })
@Index({ properties: ['tenantId'] })
export class Order extends Base {
  [OptionalProps]?: 'createdAt'
  @PrimaryKey({ type: 'uuid', defaultRaw: 'gen_random_uuid()' })
  id!: string
  @Property({ name: 'tenant', type: 'uuid' }) @Index() tenantId!: string
  @Property({ type: Date, nullable: true }) private paidAt?: Date | null
  @Property({ persist: false }) temp?: string
  @ManyToOne(() => Customer, { fieldName: 'buyer_id' }) buyer!: Customer
  @ManyToOne(() => Shop) homeShop!: Shop
  @OneToMany(() => Item, (item) => item.order) items = new Collection<Item>(this)
  total() { return 1 }
}
@Entity() export class OrderItem { @PrimaryKey() id!: number; @Embedded(() => A) a!: A }
"#;

#[test]
fn mapped_classes() {
    let base = "import { Property } from '@mikro-orm/core'\nexport abstract class Base { @Property({ onCreate: () => new Date() }) createdAt = new Date() }";
    tables(
        &[("a.ts", MIKRO), ("base.ts", base)],
        &["MikroORM order_item?: id", "MikroORM orders: id tenant paid_at buyer_id home_shop_id created_at"],
    );
    tables(
        &[("a.ts", MIKRO)],
        &["MikroORM order_item?: id", "MikroORM orders?: id tenant paid_at buyer_id home_shop_id"],
    );
    tables(
        &[(
            "t.ts",
            r#"
import { Entity, Column, PrimaryGeneratedColumn, BaseEntity } from 'typeorm'
@Entity('orders') export class Order extends BaseEntity {
  @PrimaryGeneratedColumn('uuid') id: string
  @Column({ name: 'total_cents', type: 'int' }) total: number
  @Column('varchar', { length: 3 }) currencyCode: string
  @ManyToOne(() => User, (u) => u.orders) @JoinColumn({ name: 'user_id' }) user: User
  @ManyToOne(() => Shop) shop: Shop
  @OneToOne(() => X, (x) => x.order) x: X
  @CreateDateColumn() createdAt: Date
}
@Entity() class OrderLine { @PrimaryColumn() id: string; @Column(() => Address) address: Address }
"#,
        )],
        &["TypeORM order_line?: id", "TypeORM orders: id total_cents currencyCode user_id shopId createdAt"],
    );
}

#[test]
fn drizzle_and_sequelize() {
    tables(
        &[(
            "schema.ts",
            r#"
import { pgTable, serial, text, timestamp } from 'drizzle-orm/pg-core'
const times = { createdAt: timestamp('created_at') }
export const orders = pgTable('orders', { id: serial('id').primaryKey(), title: text(), paidAt: timestamp("paid_at", { mode: 'date' }).notNull() }, (t) => [index('x').on(t.id)])
export const items = shop.table('items', (t) => ({ id: t.integer('id'), ...times }))
"#,
        )],
        &["Drizzle items?: id", "Drizzle orders: id title paid_at"],
    );
    tables(
        &[(
            "m.js",
            r#"
const { DataTypes } = require('sequelize')
sequelize.define('Order', { total: DataTypes.INTEGER, paidAt: { type: DataTypes.DATE, field: 'paid' } }, { tableName: 'orders', underscored: true })
class Item extends Model {}
Item.init({ id: { type: DataTypes.UUID, primaryKey: true } }, { sequelize, tableName: 'items', timestamps: false })
sequelize.define('Plural', { a: DataTypes.TEXT })
"#,
        )],
        &["Sequelize items: id", "Sequelize orders: total paid id created_at updated_at"],
    );
}

const ALL: &str = r#"
import express, { Router } from 'express'
import { z } from 'zod'
const app = express(); const router = Router()
const { A_B } = process.env
app.use(`/api/${v}`, router).get('/x/:id', h)
router.route('/y').get((req) => { bus.emit('a.b.c', `${process.env.X_Y}`) })
export default class C { r = Router(); m() { this.r.post('/z', h) } }
describe('s', () => { it.each([1])('t', () => {}) })
useFlag('new-x'); export const GET = () => {}; export { router as POST } from './x'
@Controller('c') class D { @Get(':id') one() {} }
@Entity({ tableName: 't' }) class E extends F { @Property() aB!: string }
const t = pgTable('drizzle', { id: serial('id') }); const r = /a[/]b/g; module.exports = { app }
"#;

proptest! {
    #[test]
    fn odd_sources(seeds in prop::collection::vec((any::<usize>(), any::<u8>()), 0..24)) {
        let text = mutated(ALL, &seeds);
        for path in ["src/a.ts", "a.test.tsx", "app/x/route.js", "pages/api/x.js", "modules/a/api/post/x.ts", "events.ts"] {
            code(&[(path, &text)]);
            facts(path, &text);
        }
    }
}

#[test]
fn nothing_is_too_deep() {
    for piece in [
        "(",
        "{",
        "[",
        "`${",
        "x=>",
        "f(",
        "describe('a',",
        "a.get('/x',",
        "{a:",
        "@E(",
        "class A{",
        "<",
        "new ",
        "a?.(",
        "x+",
        "import{",
        "export default ",
    ] {
        let text = format!("import express from 'express'; const app = express()\n{}", piece.repeat(5_000));
        for path in ["src/a.ts", "a.test.ts", "app/x/route.ts"] {
            code(&[(path, &text)]);
        }
    }
}
