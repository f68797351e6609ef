"""The life of an order."""

import pytest

from orders import commands


def test_tc_ord_001_total_is_the_sum_of_the_lines(session, buyer):
    order = commands.place(session, buyer, [{"sku": "VASE-02", "quantity": 2, "unit_price_cents": 1900}])
    assert order.total_cents == 3800


def test_tc_ord_002_an_order_is_cancelled_once(session, placed):
    commands.cancel(session, placed.id)
    with pytest.raises(commands.Refused):
        commands.cancel(session, placed.id)


def test_tc_ord_003_what_was_shipped_is_not_cancelled(session, placed):
    commands.ship(session, placed.id)
    with pytest.raises(commands.Refused):
        commands.cancel(session, placed.id)
