"""What a list looks like."""

from __future__ import annotations

from typing import Any

from rest_framework.pagination import BasePagination


class KeysetPagination(BasePagination):
    """`{"results": […], "next": address, "previous": address}`, by the place where a page ended."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {"results": schema, "next": address, "previous": address},
        }
