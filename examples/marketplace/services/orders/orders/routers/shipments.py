"""What happens to an order on its way."""

from uuid import UUID

from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from orders import commands
from orders.db import session

router = APIRouter()


@router.put("/shipment")
def record_shipment(order_id: UUID, db: Session = Depends(session)):
    commands.ship(db, order_id)
