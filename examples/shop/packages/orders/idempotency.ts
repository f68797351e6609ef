import { createHash } from "node:crypto";
import { type Context, type Database, ShopError } from "../core/context";
import type { NewOrder } from "./orders";

const ttlHours = Number(process.env.ORDERS_IDEMPOTENCY_TTL_HOURS ?? 48);

function fingerprint(input: NewOrder): string {
  return createHash("sha256").update(JSON.stringify(input)).digest("hex");
}

/** The order that was made with this key, if the key is still remembered. */
export async function findByKey(context: Context, key: string, input: NewOrder): Promise<string | null> {
  const [row] = await context.db.query<{ order_id: string; request_hash: string }>(
    `SELECT order_id, request_hash FROM order_idempotency_keys
      WHERE organization_id = $1 AND key = $2 AND created_at > now() - make_interval(hours => $3)`,
    [context.organizationId, key, ttlHours],
  );
  if (!row) return null;
  if (row.request_hash !== fingerprint(input)) throw new ShopError(409, "orders.errors.key_reused");
  return row.order_id;
}

/** Part of the transaction that makes the order: of two requests with one key, the later one is refused. */
export async function rememberKey(
  db: Database,
  context: Context,
  key: string,
  input: NewOrder,
  orderId: string,
): Promise<void> {
  const stored = await db.query(
    `INSERT INTO order_idempotency_keys AS k (organization_id, key, request_hash, order_id) VALUES ($1, $2, $3, $4)
     ON CONFLICT (organization_id, key) DO UPDATE SET request_hash = $3, order_id = $4, created_at = now()
       WHERE k.created_at <= now() - make_interval(hours => $5) RETURNING key`,
    [context.organizationId, key, fingerprint(input), orderId, ttlHours],
  );
  if (stored.length === 0) throw new ShopError(409, "orders.errors.in_progress");
}

/** Run once a night. */
export async function forgetOldKeys(context: Context): Promise<void> {
  await context.db.query(
    "DELETE FROM order_idempotency_keys WHERE organization_id = $1 AND created_at <= now() - make_interval(hours => $2)",
    [context.organizationId, ttlHours],
  );
}
