import { NextResponse } from 'next/server'
import { checkOut } from '../../../../lib/basket'
import { failure } from '../../../../lib/http'
import { currentBuyer } from '../../../../lib/session'

export async function POST() {
  const buyer = await currentBuyer()
  const order = await checkOut(buyer.id)
  return order ? NextResponse.json(order, { status: 201 }) : failure('basket.errors.empty', 409)
}
