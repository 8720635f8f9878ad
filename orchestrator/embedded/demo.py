"""The demo: its workspace, campaigns and login, loaded once."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import get_user_model

from audience.models import Workspace
from orchestrator import clock
from orchestrator.recipes.apply import apply_file

WORKSPACE = "demo"
RECIPE = settings.BASE_DIR / "templates" / "recipes" / "demo.yaml"
LOGIN = "admin"


def load(say: Callable[[str], None]) -> None:
    """Nothing that somebody changed in the demo is put back."""
    users = get_user_model()
    if not users.objects.exists():
        users.objects.create_superuser(LOGIN, password=LOGIN)
    if Workspace.objects.filter(key=WORKSPACE).exists():
        return
    say("Loading the demo …")
    apply_file(
        RECIPE.read_text(),
        name=RECIPE.name,
        workspace_key=None,
        publish=True,
        allow_key_values=True,
        now=clock.now(),
    )
