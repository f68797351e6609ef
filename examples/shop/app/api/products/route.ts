import { withSession } from "@/packages/core/http";
import { searchProducts } from "@/packages/catalogue/search";

export const openApi = { get: { summary: "Search the published products" } };

export async function GET(request: Request): Promise<Response> {
  return withSession(request, async (context) => {
    const query = new URL(request.url).searchParams;
    const page = Math.max(0, Number.parseInt(query.get("page") ?? "0", 10) || 0);
    const products = await searchProducts(context, query.get("q") ?? "", page);
    return Response.json({ products }, { headers: { "Cache-Control": "private, max-age=60" } });
  });
}
