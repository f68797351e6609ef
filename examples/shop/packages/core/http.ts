import { type Context, ShopError } from "./context";
import { openSession } from "./session";

type Handler = (context: Context) => Promise<Response>;

/** Answers a request of somebody who is signed in, and turns a `ShopError` into its status. */
export async function withSession(request: Request, handler: Handler): Promise<Response> {
  const context = await openSession(request);
  if (!context) return new Response(null, { status: 401 });
  try {
    return await handler(context);
  } catch (error) {
    if (error instanceof ShopError) return Response.json({ error: error.key }, { status: error.status });
    throw error;
  }
}
