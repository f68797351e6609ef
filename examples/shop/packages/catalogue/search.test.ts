import { expect, it } from "vitest";
import { contextOf } from "../core/testing";
import { searchProducts } from "./search";
import { syncProducts } from "./sync";

const lamp = { sku: "LAMP-01", title: "Brass lantern", description: "", price_cents: 4900, currency: "EUR", published: true };
const shade = { ...lamp, sku: "SHADE-01", title: "Paper shade" };

it("finds products that hold every word, in any order", async () => {
  const context = contextOf("north");
  await syncProducts(context, [lamp, shade]);
  expect((await searchProducts(context, "lantern brass", 0)).map(({ sku }) => sku)).toEqual(["LAMP-01"]);
});

it("hides a product that left the stock list", async () => {
  const context = contextOf("north");
  await syncProducts(context, [lamp, shade]);
  await syncProducts(context, [lamp]);
  expect(await searchProducts(context, "shade", 0)).toEqual([]);
});

it("never finds another organization's products", async () => {
  await syncProducts(contextOf("north"), [lamp]);
  expect(await searchProducts(contextOf("south"), "lantern", 0)).toEqual([]);
});
