export type Message = { name: string; body: unknown }

const waiting: Message[] = []

/** Sends an event once the transaction has committed. */
export function emit(name: string, body: unknown) {
  waiting.push({ name, body })
}

export function takeMessages(): Message[] {
  return waiting.splice(0)
}
