import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const folder = '../../migrations/sql'
const scripts = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, 'utf8'))

describe('a release of the wishlist', () => {
  it('[2026-02-03-wishlist-sharing#AC-3] has a flag with an owner and a date', () => {
    const spec = readFileSync('../../docs/specs/2026-02-03-wishlist-sharing.md', 'utf8')
    expect(spec).toMatch(/Removal date:\*\* \d{4}-/)
  })

  it('[2026-02-03-wishlist-sharing#AC-4] has scripts that can run twice', () => {
    for (const script of scripts) expect(script).not.toMatch(/CREATE TABLE (?!IF NOT EXISTS)/)
  })
})
