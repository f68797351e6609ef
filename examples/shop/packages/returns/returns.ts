import { type Context, ShopError } from "../core/context";
import { emit } from "../core/events";
import { isOn } from "../core/flags";
import { getOrder, getOrderLines } from "../orders/orders";
import { refundPayment } from "../payments/payments";

const windowDays = Number(process.env.RETURNS_WINDOW_DAYS ?? 30);

export type ReturnStatus = "requested" | "approved" | "refunded";

export interface Return {
  id: string;
  organization_id: string;
  order_id: string;
  status: ReturnStatus;
  reason: string;
  refund_cents: number;
  created_at: string;
}

export interface NewReturn {
  order_id: string;
  reason: string;
  lines: { order_line_id: string; quantity: number }[];
}

export async function listReturns(context: Context): Promise<Return[]> {
  return context.db.query<Return>("SELECT * FROM returns WHERE organization_id = $1 ORDER BY created_at DESC LIMIT 100", [
    context.organizationId,
  ]);
}

/** Command `returns.return.request`. An order has one return at most. */
export async function requestReturn(context: Context, input: NewReturn): Promise<Return> {
  if (!isOn("returns_self_service", context)) throw new ShopError(404, "returns.errors.not_available");
  const order = await getOrder(context, input.order_id);
  const delivered = order.delivered_at ? Date.parse(order.delivered_at) : Number.NaN;
  if (!(Date.now() - delivered <= windowDays * 86_400_000)) throw new ShopError(409, "returns.errors.window_closed");
  const bought = new Map((await getOrderLines(context, order.id)).map((line) => [line.id, line]));
  let refund = 0;
  for (const { order_line_id, quantity } of input.lines) {
    const line = bought.get(order_line_id);
    if (!line || quantity < 1 || quantity > line.quantity) throw new ShopError(422, "returns.errors.quantity");
    refund += quantity * line.unit_price_cents;
  }
  const created = await context.db.transaction(async (db) => {
    const [row] = await db.query<Return>(
      `INSERT INTO returns (organization_id, order_id, reason, refund_cents) VALUES ($1, $2, $3, $4)
       ON CONFLICT (organization_id, order_id) DO NOTHING RETURNING *`,
      [context.organizationId, order.id, input.reason, refund],
    );
    if (!row) throw new ShopError(409, "returns.errors.exists");
    for (const { order_line_id, quantity } of input.lines) {
      await db.query(
        "INSERT INTO return_lines (organization_id, return_id, order_line_id, quantity) VALUES ($1, $2, $3, $4)",
        [context.organizationId, row.id, order_line_id, quantity],
      );
    }
    return row;
  });
  emit(context, "returns.return.requested", { return_id: created.id, order_id: created.order_id });
  return created;
}

/** Command `returns.return.approve`. The return's ID is the refund's key, so a repeated call pays once. */
export async function approveReturn(context: Context, id: string): Promise<Return> {
  const [approved] = await context.db.query<Return>(
    `UPDATE returns SET status = 'approved'
      WHERE organization_id = $1 AND id = $2 AND status IN ('requested', 'approved') RETURNING *`,
    [context.organizationId, id],
  );
  if (!approved) throw new ShopError(409, "returns.errors.already_refunded");
  emit(context, "returns.return.approved", { return_id: id, order_id: approved.order_id });
  await refundPayment(context, approved.order_id, approved.refund_cents, id);
  const [refunded] = await context.db.query<Return>(
    "UPDATE returns SET status = 'refunded' WHERE organization_id = $1 AND id = $2 RETURNING *",
    [context.organizationId, id],
  );
  return refunded;
}
