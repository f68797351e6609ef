"""Everything that changes an order."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from orders.bus import publish
from orders.models import GoodsReturn, Order, OrderLine
from orders.settings import RETURN_DAYS


class Refused(Exception):
    """A step that the state of an order does not allow."""


def place(session: Session, buyer_id: UUID, lines: list[dict]) -> Order:
    total = sum(line["quantity"] * line["unit_price_cents"] for line in lines)
    order = Order(buyer_id=buyer_id, total_cents=total)
    session.add(order)
    session.flush()
    session.add_all(OrderLine(order_id=order.id, **line) for line in lines)
    session.commit()
    publish("orders.order.placed", {"id": str(order.id)})
    return order


def _step(session: Session, order_id: UUID, before: str, after: str) -> None:
    changed = session.execute(
        update(Order).where(Order.id == order_id, Order.state == before).values(state=after)
    )
    if changed.rowcount == 0:
        raise Refused(before)
    session.commit()


def cancel(session: Session, order_id: UUID) -> None:
    _step(session, order_id, "placed", "cancelled")
    publish("orders.order.cancelled", {"id": str(order_id)})


def ship(session: Session, order_id: UUID) -> None:
    _step(session, order_id, "placed", "shipped")
    publish("orders.order.shipped", {"id": str(order_id)})


def ask_for_return(session: Session, order: Order, reason: str) -> GoodsReturn:
    latest = (order.delivered_at or datetime.now()) + timedelta(days=RETURN_DAYS)
    if datetime.now() > latest:
        raise Refused("returns.errors.too_late")
    asked = GoodsReturn(order_id=order.id, reason=reason)
    session.add(asked)
    session.commit()
    publish("orders.return.requested", {"id": str(asked.id)})
    return asked


def approve_return(session: Session, asked: GoodsReturn) -> None:
    asked.return_state = "approved"
    session.commit()
    publish("orders.return.approved", {"id": str(asked.id)})
