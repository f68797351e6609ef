import { beforeEach, describe, expect, it } from 'vitest'
import { addItem, checkOut, removeItem } from './basket'
import { takeMessages } from './bus'
import { use } from './database'

describe('basket', () => {
  beforeEach(() => {
    takeMessages()
    use({ query: async () => [] })
  })

  it('TC-BASKET-001 tells of an item that was added', async () => {
    await addItem('b-1', 'VASE-02', 1)
    expect(takeMessages()[0]?.body).toEqual({ buyer: 'b-1', sku: 'VASE-02', quantity: 1 })
  })

  it('TC-BASKET-002 does not check out an empty basket', async () => {
    expect(await checkOut('b-1')).toBeUndefined()
    expect(takeMessages()).toHaveLength(0)
  })

  it('TC-BASKET-003 tells of an item that was removed', async () => {
    await removeItem('b-1', 'i-7')
    expect(takeMessages()).toHaveLength(1)
  })
})
