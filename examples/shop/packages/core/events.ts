import type { Context } from "./context";

export type EventName =
  | "orders.order.placed"
  | "orders.order.paid"
  | "orders.order.shipped"
  | "orders.order.delivered"
  | "orders.order.cancelled"
  | "payments.payment.authorised"
  | "payments.payment.captured"
  | "payments.payment.refunded"
  | "payments.payment.failed"
  | "returns.return.requested"
  | "returns.return.approved"
  | "catalogue.product.synced";

export interface ShopEvent {
  name: EventName;
  tenant_id: string;
  request_id: string;
  correlation_id: string;
  data: Record<string, unknown>;
}

const subscribers: ((event: ShopEvent) => Promise<void>)[] = [];

export function subscribe(subscriber: (event: ShopEvent) => Promise<void>): void {
  subscribers.push(subscriber);
}

/** Call it after the transaction has committed. A subscriber that fails is tried once more and never fails the caller. */
export function emit(context: Context, name: EventName, data: Record<string, unknown>): void {
  const event: ShopEvent = {
    name,
    tenant_id: context.organizationId,
    request_id: context.requestId,
    correlation_id: context.correlationId,
    data,
  };
  for (const subscriber of subscribers) {
    const deliver = () => subscriber(event);
    queueMicrotask(() => void deliver().catch(deliver).catch(console.error));
  }
}
