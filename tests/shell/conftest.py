"""What several files about the phones page need."""

import pytest

from orchestrator.embedded.demo import RECIPE
from orchestrator.recipes.apply import apply_file
from tests import brand
from tests.conftest import Phone
from tests.phones import Page


@pytest.fixture
def demo(db, fcm, settings):
    """The demo workspace, with the fake FCM as the built-in one."""
    settings.FCM_PORT = int(fcm.url.rpartition(":")[2])
    return brand.workspace_with_keys(key="demo", prefix="demo-")


@pytest.fixture
def recipe(demo):
    """The campaigns that the demo comes with."""
    apply_file(
        RECIPE.read_text(),
        name=RECIPE.name,
        workspace_key=None,
        publish=True,
        allow_key_values=True,
        now=brand.FOUNDED,
    )


@pytest.fixture
def app(demo):
    return Phone(f"demo-{brand.WRITE_KEY}")


@pytest.fixture
def page(client, demo):
    return Page(client)
