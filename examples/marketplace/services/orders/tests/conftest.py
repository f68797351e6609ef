"""What the tests start from."""

from uuid import uuid4

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from orders import bus, commands
from orders.db import Base


@pytest.fixture
def session():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as open_session:
        yield open_session


@pytest.fixture
def buyer():
    return uuid4()


@pytest.fixture
def placed(session, buyer):
    return commands.place(session, buyer, [{"sku": "VASE-02", "quantity": 1, "unit_price_cents": 1900}])


@pytest.fixture
def asked(session, placed):
    return commands.ask_for_return(session, placed, "Broken")


@pytest.fixture
def heard():
    bodies = []
    bus.listen(lambda _name, body: bodies.append(body))
    return bodies


@pytest.fixture
def client():
    from fastapi.testclient import TestClient

    from orders.main import app

    return TestClient(app)


@pytest.fixture
def upgrade():
    from alembic import command
    from alembic.config import Config

    return lambda: command.upgrade(Config(), "head")
