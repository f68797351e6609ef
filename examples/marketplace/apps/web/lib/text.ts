import en from '../locales/en.json'

/** The text of a key; the key itself where there is none. */
export function text(key: string): string {
  let value: unknown = en
  for (const part of key.split('.')) {
    value = (value as Record<string, unknown> | undefined)?.[part]
  }
  return typeof value === 'string' ? value : key
}
