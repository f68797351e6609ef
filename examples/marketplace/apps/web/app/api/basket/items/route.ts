import { NextResponse } from 'next/server'
import { addItem } from '../../../../lib/basket'
import { failure } from '../../../../lib/http'
import { currentBuyer } from '../../../../lib/session'

export async function POST(request: Request) {
  const buyer = await currentBuyer()
  const { sku, quantity } = await request.json()
  if (!Number.isInteger(quantity) || quantity < 1) {
    return failure('basket.errors.quantity', 422)
  }
  return NextResponse.json(await addItem(buyer.id, sku, quantity), { status: 201 })
}
