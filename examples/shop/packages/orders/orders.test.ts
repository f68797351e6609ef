import { describe, expect, it } from "vitest";
import { contextOf } from "../core/testing";
import { cancelOrder, listOrders, placeOrder, transitions } from "./orders";

const lamp = { currency: "EUR", lines: [{ sku: "LAMP-01", quantity: 2, unit_price_cents: 4900 }] };

describe("orders", () => {
  it("[2025-11-03-order-idempotency#AC-1] makes one order when a request is repeated with its key", async () => {
    const context = contextOf("north");
    const first = await placeOrder(context, lamp, "key-1");
    const second = await placeOrder(context, lamp, "key-1");
    expect(second.id).toBe(first.id);
    expect(await listOrders(context)).toHaveLength(1);
  });

  it("[2025-11-03-order-idempotency#AC-2] refuses a key that was used for a different order", async () => {
    const context = contextOf("north");
    await placeOrder(context, lamp, "key-1");
    await expect(placeOrder(context, { ...lamp, currency: "SEK" }, "key-1")).rejects.toMatchObject({
      status: 409,
      key: "orders.errors.key_reused",
    });
  });

  it("[2025-11-03-order-idempotency#AC-3] keeps the keys of two organizations apart", async () => {
    const north = await placeOrder(contextOf("north"), lamp, "key-1");
    const south = await placeOrder(contextOf("south"), lamp, "key-1");
    expect(south.id).not.toBe(north.id);
  });

  it("adds up the lines and starts as placed", async () => {
    const order = await placeOrder(contextOf("north"), lamp, null);
    expect(order).toMatchObject({ status: "placed", total_cents: 9800 });
  });

  it("does not cancel an order twice", async () => {
    const context = contextOf("north");
    const order = await placeOrder(context, lamp, null);
    await cancelOrder(context, order.id);
    await expect(cancelOrder(context, order.id)).rejects.toMatchObject({ status: 409 });
  });

  it("never leaves shipped or cancelled", () => {
    expect(transitions.shipped).toEqual([]);
    expect(transitions.cancelled).toEqual([]);
  });
});
