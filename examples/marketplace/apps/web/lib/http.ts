import { NextResponse } from 'next/server'

/** An answer that carries the key of a text and no text. */
export function failure(key: string, status: number) {
  return NextResponse.json({ error: key }, { status })
}
