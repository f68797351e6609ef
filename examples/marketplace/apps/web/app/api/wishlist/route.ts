import { NextResponse } from 'next/server'
import { currentBuyer } from '../../../lib/session'
import { addWish, readWishlist } from '../../../lib/wishlist'

export async function GET() {
  const buyer = await currentBuyer()
  return NextResponse.json({ items: await readWishlist(buyer.id) })
}

export async function POST(request: Request) {
  const buyer = await currentBuyer()
  const { sku } = await request.json()
  return NextResponse.json(await addWish(buyer.id, sku), { status: 201 })
}
