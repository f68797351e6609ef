"""Returns of goods; `goods-returns` is the spec of 2026-02-20."""

from datetime import datetime, timedelta

import pytest

from orders import commands


def test_2026_02_20_goods_returns_ac_1_a_buyer_asks_in_time(session, placed):
    placed.delivered_at = datetime.now() - timedelta(days=3)
    assert commands.ask_for_return(session, placed, "Too small").return_state == "requested"


def test_2026_02_20_goods_returns_ac_2_after_the_window_it_is_refused(session, placed):
    placed.delivered_at = datetime.now() - timedelta(days=31)
    with pytest.raises(commands.Refused, match="too_late"):
        commands.ask_for_return(session, placed, "Too small")


def test_2026_02_20_goods_returns_ac_3_approving_is_told_to_payments(session, asked, heard):
    commands.approve_return(session, asked)
    assert heard[-1]["id"] == str(asked.id)


def test_2026_02_20_goods_returns_ac_4_the_switch_is_off_unless_turned_on(client):
    assert client.post("/v1/returns", json={}).status_code == 404


def test_2026_02_20_goods_returns_ac_5_the_script_runs_twice(upgrade):
    upgrade()
    upgrade()
