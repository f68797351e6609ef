import { database } from './database'

/** Whether a flag is on; one that nobody knows is off. */
export async function isFlagEnabled(name: string): Promise<boolean> {
  const rows = await database().query('SELECT 1 FROM switched_on WHERE name = $1', [name])
  return rows.length > 0
}
