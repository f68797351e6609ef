import type { Context } from "../core/context";

const pageSize = Number(process.env.CATALOGUE_PAGE_SIZE ?? 24);

export interface Product {
  id: string;
  organization_id: string;
  sku: string;
  title: string;
  description: string;
  price_cents: number;
  currency: string;
  published: boolean;
}

/** Published products that hold every word of `words`, best match first; all of them if it is empty. */
export async function searchProducts(context: Context, words: string, page: number): Promise<Product[]> {
  return context.db.query<Product>(
    `SELECT id, organization_id, sku, title, description, price_cents, currency, published
       FROM products
      WHERE organization_id = $1 AND published AND ($2 = '' OR search @@ websearch_to_tsquery('simple', $2))
      ORDER BY ts_rank(search, websearch_to_tsquery('simple', $2)) DESC, title, id
      LIMIT $3 OFFSET $4`,
    [context.organizationId, words, pageSize, page * pageSize],
  );
}
