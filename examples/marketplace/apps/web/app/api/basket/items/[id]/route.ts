import { NextResponse } from 'next/server'
import { changeQuantity, removeItem } from '../../../../../lib/basket'
import { failure } from '../../../../../lib/http'
import { currentBuyer } from '../../../../../lib/session'

type Context = { params: Promise<{ id: string }> }

export async function PATCH(request: Request, { params }: Context) {
  const buyer = await currentBuyer()
  const { id } = await params
  const { quantity } = await request.json()
  const item = await changeQuantity(buyer.id, id, quantity)
  return item ? NextResponse.json(item) : failure('basket.errors.not_found', 404)
}

export async function DELETE(_request: Request, { params }: Context) {
  const buyer = await currentBuyer()
  const { id } = await params
  await removeItem(buyer.id, id)
  return new NextResponse(null, { status: 204 })
}
