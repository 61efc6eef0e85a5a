"""What the shim answers when it does not do what it is asked for."""


class RefusedError(Exception):
    """An error of the service, as AWS would answer it.

    Attributes:
        code: Its name in the model of the service.
        message: What it says.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
