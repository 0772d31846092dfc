"""What a version is made of, for tools that read CycloneDX."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse

from governance.api.base import endpoint
from registry.api import found
from registry.api.below import Below
from registry.presenting.bom import bom

SAVED = {200: OpenApiResponse(OpenApiTypes.OBJECT, "A CycloneDX 1.6 document.")}


class BomView(Below):
    @endpoint(SAVED, problems=(409,))
    def retrieve(self, kind: str, team: str, name: str, number: int) -> dict[str, Any]:
        """Files, licence, metrics, parameters and parents of a frozen version as a CycloneDX 1.6 ML-BOM, as
        far as you may see them."""
        return bom(self.person, found.version(self.person, kind, team, name, number))
