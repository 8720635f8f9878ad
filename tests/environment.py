"""A plugin loaded before Django: a PostgreSQL of the tests' own, in a folder of their own."""

import os
import shutil
import tempfile

NEEDS = {"chromium": "chromium", "node": "npm"}

os.environ.pop("DATABASE_URL", None)
if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="moments-test-")
os.environ["DB_POOL_SIZE"] = "0"
os.environ["FCM_PORT"] = "0"
os.environ["FCM_ENDPOINT"] = "http://127.0.0.1:9"
os.environ["DEMO"] = "1"
os.environ["LOG_LEVEL"] = "ERROR"


def is_worker(config):
    return hasattr(config, "workerinput")


def pytest_configure(config):
    if not is_worker(config):
        from django.conf import settings

        from orchestrator.embedded import postgres

        postgres.OPTIONS.update(fsync="off", max_connections="200")
        postgres.start(settings.DATA)


def pytest_unconfigure(config):
    if not is_worker(config):
        from django.conf import settings

        from orchestrator.embedded import postgres

        postgres.stop(settings.DATA)
        shutil.rmtree(settings.DATA.path, ignore_errors=True)


def pytest_collection_modifyitems(config, items):
    """Leave out what this machine cannot run, and say so."""
    missing = {mark for mark, tool in NEEDS.items() if not shutil.which(tool)}
    left_out = [item for item in items if missing & {mark.name for mark in item.iter_markers()}]
    if left_out:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)
        tools = ", ".join(NEEDS[mark] for mark in sorted(missing))
        print(f"\n{len(left_out)} tests left out: this machine has no {tools}")
