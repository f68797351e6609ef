import type { Context } from "../core/context";
import { emit } from "../core/events";
import type { Product } from "./search";

const mostProducts = 50_000;

/** Command `catalogue.product.sync`: brings the products of one organization up to its stock system's list. */
export async function syncProducts(context: Context, list: Omit<Product, "id" | "organization_id">[]): Promise<void> {
  if (list.length > mostProducts) throw new Error(`the list has ${list.length} products, and ${mostProducts} are the most`);
  await context.db.transaction(async (db) => {
    for (const product of list) {
      await db.query(
        `INSERT INTO products (organization_id, sku, title, description, price_cents, currency, published)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (organization_id, sku) DO UPDATE
            SET title = $3, description = $4, price_cents = $5, currency = $6, published = $7`,
        [
          context.organizationId,
          product.sku,
          product.title,
          product.description,
          product.price_cents,
          product.currency,
          product.published,
        ],
      );
    }
    await db.query("UPDATE products SET published = false WHERE organization_id = $1 AND sku <> ALL ($2)", [
      context.organizationId,
      list.map((product) => product.sku),
    ]);
  });
  emit(context, "catalogue.product.synced", { products: list.length });
}
