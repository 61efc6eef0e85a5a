"""CodeConnections: connections that wait for somebody to confirm them."""

from abalone.rehearsal.isolation import ACCOUNT
from abalone.rehearsal.shim.records import Document, Records, Tags, arn, new_id


class CodeConnections:
    """Connections to a provider of repositories."""

    def __init__(self) -> None:
        self._connections = Records(missing="ResourceNotFoundException")
        self._tags = Tags()

    def create_connection(self, request: Document) -> Document:
        """Keep a connection; it is pending, as in an account until somebody confirms it in the console."""
        identifier = arn("codeconnections", f"connection/{new_id()}")
        self._connections.add(
            identifier,
            {
                "ConnectionName": request["ConnectionName"],
                "ConnectionArn": identifier,
                "OwnerAccountId": ACCOUNT,
                "ConnectionStatus": "PENDING",
                **{key: request[key] for key in ("ProviderType", "HostArn") if key in request},
            },
        )
        self._tags.add(identifier, request.get("Tags"))
        return {"ConnectionArn": identifier, "Tags": self._tags.list(identifier)}

    def get_connection(self, request: Document) -> Document:
        """Return a connection."""
        return {"Connection": self._connections.find(request["ConnectionArn"])}

    def list_connections(self, _request: Document) -> Document:
        """Return the connections."""
        return {"Connections": list(self._connections.values())}

    def delete_connection(self, request: Document) -> Document:
        """Forget a connection."""
        self._connections.find(request["ConnectionArn"])
        del self._connections[request["ConnectionArn"]]
        return {}

    def tag_resource(self, request: Document) -> Document:
        """Set tags."""
        self._tags.add(request["ResourceArn"], request["Tags"])
        return {}

    def untag_resource(self, request: Document) -> Document:
        """Remove tags."""
        self._tags.remove(request["ResourceArn"], request["TagKeys"])
        return {}

    def list_tags_for_resource(self, request: Document) -> Document:
        """Return the tags of a connection."""
        return {"Tags": self._tags.list(request["ResourceArn"])}
