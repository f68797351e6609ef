import { expect, it } from "vitest";
import { contextOf } from "../core/testing";
import { getOrder, placeOrder } from "../orders/orders";
import { authorisePayment, refundPayment, settlePayment } from "./payments";

const lamp = { currency: "EUR", lines: [{ sku: "LAMP-01", quantity: 1, unit_price_cents: 4900 }] };

it("marks the order as paid once, however often the provider confirms", async () => {
  const context = contextOf("north");
  const order = await placeOrder(context, lamp, null);
  const payment = await authorisePayment(context, order.id, "card-ok");
  await settlePayment(context, payment.provider_ref, "captured");
  await settlePayment(context, payment.provider_ref, "captured");
  expect((await getOrder(context, order.id)).status).toBe("paid");
});

it("shows a declined card and keeps the order", async () => {
  const context = contextOf("north");
  const order = await placeOrder(context, lamp, null);
  await expect(authorisePayment(context, order.id, "card-declined")).rejects.toMatchObject({ status: 402 });
  expect((await getOrder(context, order.id)).status).toBe("placed");
});

it("never refunds more than was captured", async () => {
  const context = contextOf("north");
  const order = await placeOrder(context, lamp, null);
  const payment = await authorisePayment(context, order.id, "card-ok");
  await settlePayment(context, payment.provider_ref, "captured");
  await expect(refundPayment(context, order.id, 4901, "refund-1")).rejects.toMatchObject({ status: 409 });
});
