import { emit } from './bus'
import { database } from './database'

export type Wish = { sku: string }

export async function readWishlist(buyer: string) {
  return (await database().query('SELECT sku FROM wishes WHERE buyer_id = $1', [buyer])) as Wish[]
}

export async function addWish(buyer: string, sku: string) {
  await database().query('INSERT INTO wishes (buyer_id, sku) VALUES ($1, $2) ON CONFLICT DO NOTHING', [buyer, sku])
  return { sku }
}

export async function makeShareLink(buyer: string) {
  const token = crypto.randomUUID()
  await database().query('INSERT INTO share_links (token, buyer_id) VALUES ($1, $2)', [token, buyer])
  emit('wishlist.link.made', { buyer })
  return { token }
}

export async function readShared(token: string) {
  const rows = await database().query(
    `SELECT w.sku FROM wishes w JOIN share_links l ON l.buyer_id = w.buyer_id
     WHERE l.token = $1 AND l.expires_at > now()`,
    [token],
  )
  return rows.length > 0 ? (rows as Wish[]) : undefined
}

export async function dropShareLink(buyer: string, token: string) {
  await database().query('DELETE FROM share_links WHERE token = $1 AND buyer_id = $2', [token, buyer])
  emit('wishlist.link.dropped', { buyer })
}
