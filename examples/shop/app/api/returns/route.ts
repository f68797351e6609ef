import { withSession } from "@/packages/core/http";
import { listReturns, type NewReturn, requestReturn } from "@/packages/returns/returns";

export const openApi = {
  get: { summary: "List the organization's returns, newest first" },
  post: { summary: "Ask for a return" },
};

export async function GET(request: Request): Promise<Response> {
  return withSession(request, async (context) => Response.json({ returns: await listReturns(context) }));
}

export async function POST(request: Request): Promise<Response> {
  return withSession(request, async (context) => {
    const created = await requestReturn(context, (await request.json()) as NewReturn);
    return Response.json(created, { status: 201 });
  });
}
