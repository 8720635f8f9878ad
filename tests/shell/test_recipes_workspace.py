"""What a file says of positions and quiet hours: set, kept, taken away, and written back."""

from datetime import time

import pytest

from audience.models import Workspace
from orchestrator.recipes.apply import apply_file
from orchestrator.recipes.export import export_text
from orchestrator.recipes.problem import RecipeError
from tests import brand

pytestmark = pytest.mark.django_db

HEAD = "version: 1\nworkspace:\n  key: acme\n  name: Acme\n  mode: open\n"
SETTINGS = """\
  location_consent: asked
  keep_positions_days: 7
  quiet_hours: 22:00 to 08:30
"""


def applied(text):
    changes = apply_file(
        text,
        name="acme.yaml",
        workspace_key=None,
        publish=False,
        allow_key_values=False,
        now=brand.FOUNDED,
    )
    return [str(one) for one in changes]


def stored():
    return Workspace.objects.values_list(
        "location_consent", "keep_fixes_days", "quiet_from", "quiet_until"
    ).get(key="acme")


def test_a_new_workspace_has_what_the_file_says():
    applied(HEAD + SETTINGS)

    assert stored() == ("asked", 7, time(22), time(8, 30))


def test_what_is_left_out_stays_and_none_takes_quiet_hours_away():
    applied(HEAD + SETTINGS)
    version = Workspace.objects.get().program_version

    applied(HEAD)
    assert stored() == ("asked", 7, time(22), time(8, 30))
    assert Workspace.objects.get().program_version == version

    applied(HEAD + "  quiet_hours: none\n")
    assert stored() == ("asked", 7, None, None)


def test_it_is_written_as_it_was_read():
    applied(HEAD + SETTINGS)

    text = export_text(workspace_key="acme")

    assert SETTINGS in text
    assert applied(text) == ["workspace acme: unchanged"]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("  location_consent: maybe", "location_consent"),
        ("  keep_positions_days: 91", "keep_positions_days"),
        ("  quiet_hours: 25:00 to 08:00", "quiet_hours"),
        ("  quiet_hours: {from: '22:00'}", "quiet_hours"),
        ("  quiet_hours: 22:00", "quiet_hours"),
        ("  quiet_hours: never", "quiet_hours"),
    ],
)
def test_what_is_no_such_value_is_refused_where_it_stands(line, field):
    with pytest.raises(RecipeError) as refused:
        applied(HEAD + line + "\n")

    assert f"workspace.{field}" in str(refused.value)
    assert not Workspace.objects.exists()
