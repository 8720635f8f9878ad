"""A campaign has a time since when it is live if it is live, and else none, whoever writes it."""

import pytest
from django.db import IntegrityError

from campaigns.models import Campaign
from tests import cast

STATES = [("live", None), ("paused", cast.NOW), ("draft", cast.NOW), ("ended", cast.NOW)]


@pytest.mark.parametrize(("state", "since"), STATES)
def test_the_database_refuses_a_state_and_time_that_contradict(state, since, db) -> None:
    cast.campaign(cast.workspace())

    with pytest.raises(IntegrityError, match="campaign_is_live_since_a_time"):
        Campaign.objects.update(state=state, live_since=since)
