import { emit } from './bus'
import { database } from './database'

export type Item = { id: string; sku: string; quantity: number }

const ttlHours = Number(process.env.BASKET_TTL_HOURS ?? '72')
const orders = process.env.ORDERS_URL

export async function readBasket(buyer: string) {
  const rows = await database().query(
    `SELECT i.id, i.sku, i.quantity FROM basket_items i JOIN baskets b ON b.id = i.basket_id
     WHERE b.buyer_id = $1 AND b.touched_at > now() - make_interval(hours => $2)`,
    [buyer, ttlHours],
  )
  return { items: rows as Item[] }
}

export async function addItem(buyer: string, sku: string, quantity: number) {
  const [item] = await database().query('SELECT * FROM add_to_basket($1, $2, $3)', [buyer, sku, quantity])
  emit('basket.item.added', { buyer, sku, quantity })
  return item
}

export async function changeQuantity(buyer: string, id: string, quantity: number) {
  const [item] = await database().query('SELECT * FROM change_quantity($1, $2, $3)', [buyer, id, quantity])
  return item
}

export async function removeItem(buyer: string, id: string) {
  await database().query('SELECT remove_from_basket($1, $2)', [buyer, id])
  emit('basket.item.removed', { buyer, id })
}

export async function emptyBasket(buyer: string) {
  await database().query('DELETE FROM baskets WHERE buyer_id = $1', [buyer])
}

export async function checkOut(buyer: string) {
  const { items } = await readBasket(buyer)
  if (items.length === 0) return undefined
  const answer = await fetch(`${orders}/v1/orders`, {
    method: 'POST',
    body: JSON.stringify({ buyer_id: buyer, lines: items }),
  })
  await emptyBasket(buyer)
  emit('basket.basket.checked_out', { buyer })
  return answer.json()
}
