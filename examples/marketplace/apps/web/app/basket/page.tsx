import { readBasket } from '../../lib/basket'
import { currentBuyer } from '../../lib/session'
import { text } from '../../lib/text'

export default async function BasketPage() {
  const basket = await readBasket((await currentBuyer()).id)
  if (basket.items.length === 0) {
    return <p>{text('basket.page.empty')}</p>
  }
  return (
    <main>
      <h1>{text('basket.page.title')}</h1>
      <ul>
        {basket.items.map((item) => (
          <li key={item.id}>
            {item.quantity} × {item.sku} <button>{text('basket.item.remove')}</button>
          </li>
        ))}
      </ul>
      <button>{text('basket.page.check_out')}</button>
    </main>
  )
}
