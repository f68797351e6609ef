"""Orders, their lines and returns."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from orders.db import Base


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    buyer_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(default="placed")
    total_cents: Mapped[int]
    placed_at: Mapped[datetime] = mapped_column(default=datetime.now)
    delivered_at: Mapped[datetime | None]


class OrderLine(Base):
    __tablename__ = "order_lines"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    sku: Mapped[str]
    quantity: Mapped[int]
    unit_price_cents: Mapped[int]


class GoodsReturn(Base):
    __tablename__ = "goods_returns"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), unique=True)
    reason: Mapped[str]
    return_state: Mapped[str] = mapped_column(default="requested")
