import type { Order, OrderLine } from "../orders/orders";
import type { Context } from "./context";

/** A context of the named test organization, on an empty database. Left out of this example. */
export declare function contextOf(organization: string): Context;

/** An order of two lamps, paid, shipped and delivered that many days ago. Left out of this example. */
export declare function deliveredOrder(
  context: Context,
  options: { daysAgo: number },
): Promise<{ order: Order; lines: (OrderLine & { id: string })[] }>;
