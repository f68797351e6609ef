import { withSession } from "@/packages/core/http";
import { getOrder } from "@/packages/orders/orders";

export const openApi = { get: { summary: "Show one order" } };

export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return withSession(request, async (context) => Response.json(await getOrder(context, (await params).id)));
}
