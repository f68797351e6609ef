import { withSession } from "@/packages/core/http";
import { listOrders, type NewOrder, placeOrder } from "@/packages/orders/orders";

export const openApi = {
  get: { summary: "List the organization's orders, newest first" },
  post: { summary: "Place an order", parameters: [{ in: "header", name: "Idempotency-Key" }] },
};

export async function GET(request: Request): Promise<Response> {
  return withSession(request, async (context) => Response.json({ orders: await listOrders(context) }));
}

export async function POST(request: Request): Promise<Response> {
  return withSession(request, async (context) => {
    const input = (await request.json()) as NewOrder;
    const order = await placeOrder(context, input, request.headers.get("Idempotency-Key"));
    return Response.json(order, { status: 201 });
  });
}
