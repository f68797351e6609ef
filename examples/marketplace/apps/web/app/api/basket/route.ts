import { NextResponse } from 'next/server'
import { emptyBasket, readBasket } from '../../../lib/basket'
import { currentBuyer } from '../../../lib/session'

export async function GET() {
  const buyer = await currentBuyer()
  return NextResponse.json(await readBasket(buyer.id))
}

export async function DELETE() {
  const buyer = await currentBuyer()
  await emptyBasket(buyer.id)
  return new NextResponse(null, { status: 204 })
}
