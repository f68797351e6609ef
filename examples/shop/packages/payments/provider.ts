import { createHmac, timingSafeEqual } from "node:crypto";

const url = process.env.PAYMENTS_PROVIDER_URL ?? "";
const timeout = Number(process.env.PAYMENTS_TIMEOUT_MS ?? 8000);
const secret = process.env.PAYMENTS_WEBHOOK_SECRET ?? "";

async function post<Answer>(path: string, key: string, body: unknown): Promise<Answer> {
  const response = await fetch(new URL(path, url), {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": key },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeout),
  });
  if (!response.ok) throw new Error(`provider answered ${response.status}`);
  return (await response.json()) as Answer;
}

export const provider = {
  authorise: (input: { key: string; cardToken: string; amount: number; currency: string }) =>
    post<{ declined: boolean; reference: string }>("/authorisations", input.key, input),
  refund: (input: { key: string; reference: string; amount: number }) => post<object>("/refunds", input.key, input),
};

export function signatureHolds(body: string, signature: string): boolean {
  const expected = createHmac("sha256", secret).update(body).digest();
  const given = Buffer.from(signature, "hex");
  return given.length === expected.length && timingSafeEqual(given, expected);
}
