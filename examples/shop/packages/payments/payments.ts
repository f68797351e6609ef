import { type Context, ShopError } from "../core/context";
import { emit } from "../core/events";
import { getOrder, payOrder } from "../orders/orders";
import { provider } from "./provider";

export type PaymentStatus = "authorised" | "captured" | "refunded" | "failed";

export interface Payment {
  id: string;
  organization_id: string;
  order_id: string;
  provider_ref: string;
  status: PaymentStatus;
  currency: string;
  amount_cents: number;
  refunded_cents: number;
  created_at: string;
}

/** Command `payments.payment.authorise`. The payment's ID is the idempotency key at the provider. */
export async function authorisePayment(context: Context, orderId: string, cardToken: string): Promise<Payment> {
  const order = await getOrder(context, orderId);
  if (order.status !== "placed") throw new ShopError(409, "orders.errors.invalid_transition");
  const id = crypto.randomUUID();
  const answer = await provider.authorise({ key: id, cardToken, amount: order.total_cents, currency: order.currency });
  if (answer.declined) throw new ShopError(402, "payments.errors.declined");
  const [payment] = await context.db.query<Payment>(
    `INSERT INTO payments (id, organization_id, order_id, provider_ref, currency, amount_cents)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING *`,
    [id, context.organizationId, orderId, answer.reference, order.currency, order.total_cents],
  );
  if (!payment) throw new ShopError(409, "payments.errors.in_progress");
  emit(context, "payments.payment.authorised", { payment_id: payment.id, order_id: orderId });
  return payment;
}

/**
 * Command `payments.payment.settle`: writes down what the provider says happened. A repeated call goes on where the
 * one before it stopped.
 */
export async function settlePayment(context: Context, reference: string, outcome: "captured" | "failed"): Promise<void> {
  const [payment] = await context.db.query<Payment>(
    `UPDATE payments SET status = $3
      WHERE organization_id = $1 AND provider_ref = $2 AND status IN ('authorised', $3) RETURNING *`,
    [context.organizationId, reference, outcome],
  );
  if (!payment) return;
  const data = { payment_id: payment.id, order_id: payment.order_id };
  if (outcome === "failed") return emit(context, "payments.payment.failed", data);
  emit(context, "payments.payment.captured", data);
  const order = await getOrder(context, payment.order_id);
  if (order.status === "placed") await payOrder(context, order.id);
  if (order.status === "cancelled") await refundPayment(context, order.id, payment.amount_cents, payment.id);
}

/** Command `payments.payment.refund`. One refund for each key, here and at the provider, however often it is called. */
export async function refundPayment(context: Context, orderId: string, cents: number, key: string): Promise<void> {
  const payment = await context.db.transaction(async (db) => {
    const [row] = await db.query<Payment>(
      `SELECT * FROM payments
        WHERE organization_id = $1 AND order_id = $2 AND status IN ('captured', 'refunded') FOR UPDATE`,
      [context.organizationId, orderId],
    );
    if (!row) throw new ShopError(409, "payments.errors.not_captured");
    const added = await db.query(
      `INSERT INTO payment_refunds (organization_id, key, payment_id, amount_cents)
       VALUES ($1, $2, $3, $4) ON CONFLICT (organization_id, key) DO NOTHING RETURNING key`,
      [context.organizationId, key, row.id, cents],
    );
    if (added.length === 0) return row;
    if (row.refunded_cents + cents > row.amount_cents) throw new ShopError(409, "payments.errors.refund_too_large");
    await db.query(
      `UPDATE payments SET refunded_cents = refunded_cents + $3,
              status = CASE WHEN refunded_cents + $3 = amount_cents THEN 'refunded' ELSE status END
        WHERE organization_id = $1 AND id = $2`,
      [context.organizationId, row.id, cents],
    );
    return row;
  });
  await provider.refund({ key, reference: payment.provider_ref, amount: cents });
  emit(context, "payments.payment.refunded", { payment_id: payment.id, order_id: orderId, cents });
}
