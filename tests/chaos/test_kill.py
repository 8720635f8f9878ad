"""kill -9 of the worker wherever it hurts: no event lost, one moment, one visible push."""

import pytest

from tests import brand
from tests.conftest import wait_for
from tests.house import House

pytestmark = pytest.mark.chaos

POINTS = (
    "after claim",
    "after evaluate commits",
    "after sending is marked",
    "after FCM answered",
)


@pytest.fixture(scope="module")
def house(tmp_path_factory, worker_id, request):
    made = House(tmp_path_factory.mktemp("house"), f"chaos_{worker_id}")
    request.addfinalizer(made.close)
    made.open()
    made.start_web()
    made.start_beat()
    return made


@pytest.fixture
def everything_sent(house):
    """Ask until every moment has ended and the inbox is empty."""

    def ended(expected):
        def question():
            [(waiting, over)] = house.psql(
                "SELECT (SELECT count(*) FROM orchestrator_inbox), "
                "(SELECT count(*) FROM campaigns_moment WHERE ended_at IS NOT NULL)"
            )
            return waiting == 0 and over == expected

        wait_for(question, seconds=60)

    yield ended
    if "worker" in house.processes:
        house.kill("worker")


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_worker_loses_nothing_and_doubles_nothing(point, house, everything_sent):
    user = "user " + point
    [(before,)] = house.psql("SELECT count(*) FROM campaigns_moment")
    house.fcm.reset()
    dying = house.start_worker("tests.chaos.killer", KILL_AT=point)
    house.posted(brand.identify(user), brand.attended(user, "message " + point))
    assert dying.wait(30) == -9
    house.processes.pop("worker")

    house.start_worker()
    everything_sent(before + 1)

    [(events,)] = house.psql(
        f"SELECT count(*) FROM triggers_event WHERE message_id = 'message {point}'"
    )
    tags = {message["android"]["notification"]["tag"] for message in house.fcm.messages}
    assert events == 1
    assert len(tags) == 1
    if point != "after FCM answered":
        assert len(house.fcm.messages) == 1


def test_an_event_that_kills_its_worker_is_set_aside_and_the_rest_go_on(house, everything_sent):
    [(before,)] = house.psql("SELECT count(*) FROM campaigns_moment")
    house.fcm.reset()
    crash = {"type": "track", "userId": "u-crash", "event": "Crash", "messageId": "crash"}
    house.posted(
        brand.identify("u-crash"),
        brand.attended("u-crash", "before the crash"),
        crash,
        brand.attended("u-crash", "after the crash"),
    )

    house.start_worker("tests.chaos.killer", KILL_AT="on Crash")
    everything_sent(before + 2)

    rows = house.psql("SELECT error FROM orchestrator_quarantine")
    assert rows == [("The worker died each time it was evaluated.",)]
    assert len(house.fcm.messages) == 2
