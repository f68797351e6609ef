"""Placing, listing, reading and cancelling."""

from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import select
from sqlalchemy.orm import Session

from orders import commands
from orders.db import session
from orders.models import Order

router = APIRouter(prefix="/orders")


@router.get("")
def list_orders(buyer_id: UUID, db: Session = Depends(session)):
    return db.scalars(select(Order).where(Order.buyer_id == buyer_id)).all()


@router.post("", status_code=201)
def place_order(body: dict, db: Session = Depends(session)):
    return commands.place(db, body["buyer_id"], body["lines"])


@router.get("/{order_id}")
def read_order(order_id: UUID, db: Session = Depends(session)):
    order = db.get(Order, order_id)
    if order is None:
        raise HTTPException(404)
    return order


@router.post("/{order_id}/cancel-request")
def cancel_order(order_id: UUID, db: Session = Depends(session)):
    try:
        commands.cancel(db, order_id)
    except commands.Refused as refused:
        raise HTTPException(409) from refused
