import { NextResponse } from 'next/server'
import { failure } from '../../../../../lib/http'
import { currentBuyer } from '../../../../../lib/session'
import { dropShareLink, readShared } from '../../../../../lib/wishlist'

type Context = { params: Promise<{ token: string }> }

export async function GET(_request: Request, { params }: Context) {
  const { token } = await params
  const items = await readShared(token)
  return items ? NextResponse.json({ items }) : failure('wishlist.errors.link_expired', 404)
}

export async function DELETE(_request: Request, { params }: Context) {
  const buyer = await currentBuyer()
  const { token } = await params
  await dropShareLink(buyer.id, token)
  return new NextResponse(null, { status: 204 })
}
