import { describe, expect, it } from 'vitest'
import { use } from './database'
import { makeShareLink, readShared } from './wishlist'

describe('sharing a wishlist', () => {
  it('[2026-02-03-wishlist-sharing#AC-1] makes a link that shows the list', async () => {
    use({ query: async (sql) => (sql.startsWith('SELECT') ? [{ sku: 'VASE-02' }] : []) })
    const { token } = await makeShareLink('b-1')
    expect(await readShared(token)).toEqual([{ sku: 'VASE-02' }])
  })

  it('[2026-02-03-wishlist-sharing#AC-2] shows nothing for a link that has expired', async () => {
    use({ query: async () => [] })
    expect(await readShared('long-gone')).toBeUndefined()
  })
})
