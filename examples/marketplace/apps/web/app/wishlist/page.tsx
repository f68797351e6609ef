import { currentBuyer } from '../../lib/session'
import { text } from '../../lib/text'
import { readWishlist } from '../../lib/wishlist'

export default async function WishlistPage() {
  const items = await readWishlist((await currentBuyer()).id)
  return (
    <main>
      <h1>{text('wishlist.page.title')}</h1>
      <ul>
        {items.map((item) => (
          <li key={item.sku}>{item.sku}</li>
        ))}
      </ul>
      <button>{text('wishlist.share.action')}</button>
      <p>{text('wishlist.share.hint')}</p>
    </main>
  )
}
