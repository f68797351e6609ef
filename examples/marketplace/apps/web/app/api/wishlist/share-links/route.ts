import { NextResponse } from 'next/server'
import { isFlagEnabled } from '../../../../lib/flags'
import { failure } from '../../../../lib/http'
import { currentBuyer } from '../../../../lib/session'
import { makeShareLink } from '../../../../lib/wishlist'

export async function POST() {
  if (!(await isFlagEnabled('wishlist_sharing'))) {
    return failure('wishlist.errors.not_available', 404)
  }
  const buyer = await currentBuyer()
  return NextResponse.json(await makeShareLink(buyer.id), { status: 201 })
}
