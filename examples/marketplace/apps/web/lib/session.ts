import { cookies } from 'next/headers'

export type Buyer = { id: string; guest: boolean }

/** The buyer of the session; a visitor without one is a guest with an ID of their own. */
export async function currentBuyer(): Promise<Buyer> {
  const jar = await cookies()
  const known = jar.get('buyer')?.value
  if (known) return { id: known, guest: false }
  const id = jar.get('guest')?.value ?? crypto.randomUUID()
  jar.set('guest', id, { httpOnly: true })
  return { id, guest: true }
}
