import { type Context, ShopError } from "../core/context";
import { emit } from "../core/events";
import { findByKey, rememberKey } from "./idempotency";

export type OrderStatus = "placed" | "paid" | "shipped" | "cancelled";

export interface Order {
  id: string;
  organization_id: string;
  status: OrderStatus;
  currency: string;
  total_cents: number;
  created_at: string;
  delivered_at: string | null;
}

export interface OrderLine {
  sku: string;
  quantity: number;
  unit_price_cents: number;
}

export interface NewOrder {
  currency: string;
  lines: OrderLine[];
}

export const transitions: Record<OrderStatus, readonly OrderStatus[]> = {
  placed: ["paid", "cancelled"],
  paid: ["shipped"],
  shipped: [],
  cancelled: [],
};

export async function listOrders(context: Context): Promise<Order[]> {
  return context.db.query<Order>("SELECT * FROM orders WHERE organization_id = $1 ORDER BY created_at DESC LIMIT 100", [
    context.organizationId,
  ]);
}

export async function getOrder(context: Context, id: string): Promise<Order> {
  const [order] = await context.db.query<Order>("SELECT * FROM orders WHERE organization_id = $1 AND id = $2", [
    context.organizationId,
    id,
  ]);
  if (!order) throw new ShopError(404, "orders.errors.not_found");
  return order;
}

export async function getOrderLines(context: Context, id: string): Promise<(OrderLine & { id: string })[]> {
  return context.db.query("SELECT * FROM order_lines WHERE organization_id = $1 AND order_id = $2", [
    context.organizationId,
    id,
  ]);
}

/** Command `orders.order.place`. With a key that was used before, answers with the order that was made then. */
export async function placeOrder(context: Context, input: NewOrder, key: string | null): Promise<Order> {
  const known = key && (await findByKey(context, key, input));
  if (known) return getOrder(context, known);
  const total = input.lines.reduce((sum, line) => sum + line.quantity * line.unit_price_cents, 0);
  const order = await context.db.transaction(async (db) => {
    const [row] = await db.query<Order>(
      "INSERT INTO orders (organization_id, currency, total_cents) VALUES ($1, $2, $3) RETURNING *",
      [context.organizationId, input.currency, total],
    );
    for (const line of input.lines) {
      await db.query(
        "INSERT INTO order_lines (organization_id, order_id, sku, quantity, unit_price_cents) VALUES ($1, $2, $3, $4, $5)",
        [context.organizationId, row.id, line.sku, line.quantity, line.unit_price_cents],
      );
    }
    if (key) await rememberKey(db, context, key, input, row.id);
    return row;
  });
  emit(context, "orders.order.placed", { order_id: order.id, total_cents: order.total_cents });
  return order;
}

/** Command `orders.order.pay`, given when a payment was captured. */
export async function payOrder(context: Context, id: string): Promise<Order> {
  return move(context, id, "paid", "orders.order.paid");
}

/** Command `orders.order.ship`, given from the carrier's nightly file. */
export async function shipOrder(context: Context, id: string): Promise<Order> {
  return move(context, id, "shipped", "orders.order.shipped");
}

/** Command `orders.order.deliver`, given from the same file. The first time that is reported stays. */
export async function deliverOrder(context: Context, id: string, at: Date): Promise<void> {
  const delivered = await context.db.query(
    `UPDATE orders SET delivered_at = $3
      WHERE organization_id = $1 AND id = $2 AND status = 'shipped' AND delivered_at IS NULL RETURNING id`,
    [context.organizationId, id, at],
  );
  if (delivered.length > 0) emit(context, "orders.order.delivered", { order_id: id });
}

/** Command `orders.order.cancel`. */
export async function cancelOrder(context: Context, id: string): Promise<Order> {
  return move(context, id, "cancelled", "orders.order.cancelled");
}

async function move(
  context: Context,
  id: string,
  to: OrderStatus,
  event: "orders.order.paid" | "orders.order.shipped" | "orders.order.cancelled",
): Promise<Order> {
  const from = Object.entries(transitions)
    .filter(([, targets]) => targets.includes(to))
    .map(([status]) => status);
  const [order] = await context.db.query<Order>(
    "UPDATE orders SET status = $3 WHERE organization_id = $1 AND id = $2 AND status = ANY ($4) RETURNING *",
    [context.organizationId, id, to, from],
  );
  if (!order) throw new ShopError(409, "orders.errors.invalid_transition");
  emit(context, event, { order_id: order.id });
  return order;
}
