"""A playground on its stage, and its address."""

from __future__ import annotations

import pytest
import pytest_asyncio

from tests.adapters.web.stage import Stage, stage
from tests.browser.conftest import Serve


@pytest.fixture
def on() -> Stage:
    return stage()


@pytest_asyncio.fixture(loop_scope="session")
async def url(on: Stage, serve: Serve) -> str:
    return await serve(on.app)
