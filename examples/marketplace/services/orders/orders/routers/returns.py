"""Returns of goods."""

from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy.orm import Session

from orders import commands
from orders.db import session
from orders.flags import is_enabled
from orders.models import GoodsReturn, Order

router = APIRouter()


@router.post("", status_code=201)
def request_return(body: dict, db: Session = Depends(session)):
    if not is_enabled("orders_goods_returns"):
        raise HTTPException(404)
    order = db.get(Order, body["order_id"])
    try:
        return commands.ask_for_return(db, order, body["reason"])
    except commands.Refused as refused:
        raise HTTPException(409, str(refused)) from refused


@router.get("/{return_id}")
def read_return(return_id: UUID, db: Session = Depends(session)):
    return db.get(GoodsReturn, return_id)


@router.post("/{return_id}/approval")
def approve_return(return_id: UUID, db: Session = Depends(session)):
    commands.approve_return(db, db.get(GoodsReturn, return_id))
