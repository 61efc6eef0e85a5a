"""Service Quotas: an account on this machine has none."""

from abalone.rehearsal.shim.records import Document


class ServiceQuotas:
    """Knows of no quota."""

    def list_service_quotas(self, request: Document) -> Document:  # noqa: ARG002 - every service has as many
        """Return the quotas of a service."""
        return {"Quotas": []}
