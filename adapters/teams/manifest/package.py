"""The zip file an administrator uploads to Teams: the manifest filled in, and the icons.

learn.microsoft.com/en-us/microsoftteams/platform/concepts/build-and-test/apps-package
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ICONS = ("color.png", "outline.png")
NAME_CHARS = 32  # of the developer's name


def manifest(app_id: str, organisation: str, website: str) -> dict[str, Any]:
    """website: https; stands for privacy and terms of use, too, until the manifest names other pages."""
    filled: dict[str, Any] = json.loads((HERE / "manifest.json").read_text(encoding="utf-8"))
    filled["id"] = filled["bots"][0]["botId"] = app_id
    pages = dict.fromkeys(("websiteUrl", "privacyUrl", "termsOfUseUrl"), website)
    filled["developer"] = {"name": organisation[:NAME_CHARS], **pages}
    return filled


def package(app_id: str, organisation: str, website: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(manifest(app_id, organisation, website), indent=2))
        for icon in ICONS:
            archive.write(HERE / icon, icon)
    return packed.getvalue()
