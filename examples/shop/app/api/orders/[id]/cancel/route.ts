import { withSession } from "@/packages/core/http";
import { cancelOrder } from "@/packages/orders/orders";

export const openApi = { post: { summary: "Cancel an order that is not paid" } };

export async function POST(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return withSession(request, async (context) => Response.json(await cancelOrder(context, (await params).id)));
}
