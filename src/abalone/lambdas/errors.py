"""What a function cannot do. State machines match these by their names, so a name is part of the contract."""

from abalone.errors import AbaloneError


class EventError(AbaloneError):
    """The event is none that the function knows: nothing was done."""


class SettingError(AbaloneError):
    """A variable of the function's environment, or a parameter that it names, is missing or wrong."""


class HeldOutDataError(AbaloneError):
    """The held-out rows are missing or wrong."""


class EndpointUnavailableError(AbaloneError):
    """The endpoint does not answer, or says that it cannot now: worth another try."""


class EndpointAnswerError(AbaloneError):
    """The endpoint refuses the held-out rows, or answers what is no prediction: another try would change nothing."""


class ModelPackageError(AbaloneError):
    """The model package does not exist, or is none of this project's."""
