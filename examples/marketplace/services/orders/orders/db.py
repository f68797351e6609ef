"""Sessions of the database."""

from collections.abc import Iterator

from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Session

from orders.settings import DATABASE_URL

engine = create_engine(DATABASE_URL)


class Base(DeclarativeBase):
    pass


def session() -> Iterator[Session]:
    with Session(engine) as open_session:
        yield open_session
