import { expect, it } from "vitest";
import { contextOf, deliveredOrder } from "../core/testing";
import { approveReturn, requestReturn } from "./returns";

it("[2026-01-15-self-service-returns#AC-1] takes a return within the window", async () => {
  const context = contextOf("north");
  const { order, lines } = await deliveredOrder(context, { daysAgo: 3 });
  const created = await requestReturn(context, {
    order_id: order.id,
    reason: "Too dark",
    lines: [{ order_line_id: lines[0].id, quantity: 1 }],
  });
  expect(created).toMatchObject({ status: "requested", refund_cents: lines[0].unit_price_cents });
});

it("[2026-01-15-self-service-returns#AC-2] refuses a return after the window", async () => {
  const context = contextOf("north");
  const { order } = await deliveredOrder(context, { daysAgo: 31 });
  await expect(requestReturn(context, { order_id: order.id, reason: "Too late", lines: [] })).rejects.toMatchObject({
    key: "returns.errors.window_closed",
  });
});

it("[2026-01-15-self-service-returns#AC-3] refunds once when it is approved twice", async () => {
  const context = contextOf("north");
  const { order, lines } = await deliveredOrder(context, { daysAgo: 3 });
  const created = await requestReturn(context, {
    order_id: order.id,
    reason: "Broken",
    lines: [{ order_line_id: lines[0].id, quantity: 1 }],
  });
  expect((await approveReturn(context, created.id)).status).toBe("refunded");
  await expect(approveReturn(context, created.id)).rejects.toMatchObject({ key: "returns.errors.already_refunded" });
});

it("refuses another organization's order", async () => {
  const { order, lines } = await deliveredOrder(contextOf("north"), { daysAgo: 3 });
  const request = requestReturn(contextOf("south"), {
    order_id: order.id,
    reason: "Mine now",
    lines: [{ order_line_id: lines[0].id, quantity: 1 }],
  });
  await expect(request).rejects.toMatchObject({ status: 404 });
});
