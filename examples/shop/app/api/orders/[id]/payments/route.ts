import { withSession } from "@/packages/core/http";
import { authorisePayment } from "@/packages/payments/payments";

export const openApi = { post: { summary: "Pay an order with a card" } };

export async function POST(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return withSession(request, async (context) => {
    const { card_token } = (await request.json()) as { card_token: string };
    const payment = await authorisePayment(context, (await params).id, card_token);
    return Response.json({ id: payment.id, status: payment.status }, { status: 201 });
  });
}
