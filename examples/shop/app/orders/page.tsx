import { t } from "@/packages/core/text";
import type { Order } from "@/packages/orders/orders";

export function OrderList({ orders, cancel }: { orders: Order[]; cancel: (id: string) => void }) {
  if (orders.length === 0) return <p>{t("orders.list.empty")}</p>;
  return (
    <>
      <h1>{t("orders.list.title")}</h1>
      <ul>
        {orders.map((order) => (
          <li key={order.id}>
            {t(`orders.status.${order.status}`)}
            {order.status === "placed" && (
              <button type="button" onClick={() => confirm(t("orders.cancel.confirm")) && cancel(order.id)}>
                {t("orders.cancel.action")}
              </button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
