import { withSession } from "@/packages/core/http";
import { approveReturn } from "@/packages/returns/returns";

export const openApi = { post: { summary: "Approve a return and pay it back" } };

export async function POST(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return withSession(request, async (context) => Response.json(await approveReturn(context, (await params).id)));
}
