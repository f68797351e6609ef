import { settlePayment } from "@/packages/payments/payments";
import { signatureHolds } from "@/packages/payments/provider";
import { contextOfAccount } from "@/packages/payments/tenant";

export const openApi = { post: { summary: "Hear from the card provider" } };

interface Notice {
  account: string;
  reference: string;
  outcome: "captured" | "failed";
}

export async function POST(request: Request): Promise<Response> {
  const body = await request.text();
  if (!signatureHolds(body, request.headers.get("Signature") ?? "")) return new Response(null, { status: 401 });
  const notice = JSON.parse(body) as Notice;
  const context = await contextOfAccount(notice.account, request);
  await settlePayment(context, notice.reference, notice.outcome);
  return new Response(null, { status: 204 });
}
