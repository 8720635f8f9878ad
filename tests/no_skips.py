"""A plugin for CI: a skipped or deselected test is a failure."""

import pytest


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    left_out = len(reporter.stats.get("skipped", [])) + len(reporter.stats.get("deselected", []))
    if left_out:
        reporter.write_line(f"{left_out} tests were left out, and CI allows none", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
