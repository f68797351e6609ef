"""The orders service."""

from fastapi import FastAPI

from orders.routers import orders, returns, shipments

app = FastAPI(title="Orders")
app.include_router(orders.router, prefix="/v1")
app.include_router(shipments.router, prefix="/v1/orders/{order_id}")
app.include_router(returns.router, prefix="/v1/returns")
