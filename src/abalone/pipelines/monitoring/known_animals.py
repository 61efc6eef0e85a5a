"""What the artifact knows of the animals that the model was trained on."""

from collections.abc import Mapping
from functools import lru_cache
from io import StringIO
from typing import Any

import pandas as pd

from abalone.errors import AbaloneError
from abalone.model.traits import PREDICTED_RINGS, traits

_NEEDED = ("rows", "sex", "sample", "blocks", "errors")


def check_reference(reference: Mapping[str, Any]) -> None:
    """Refuse a reference that lacks what a window is compared with.

    Raises:
        AbaloneError: The artifact is older than monitoring.
    """
    if missing := [name for name in _NEEDED if name not in reference]:
        raise AbaloneError(
            f"the model's metadata has no reference.{missing[0]}, which monitoring compares with: "
            "the model is older than monitoring, train it again"
        )


def known_animals(reference: Mapping[str, Any]) -> pd.DataFrame:
    """Return the sample of the training rows, in the order of collection: measurements and predicted rings.

    Raises:
        AbaloneError: The artifact is older than monitoring.
    """
    check_reference(reference)
    return _parsed(reference["sample"])


def known_traits(reference: Mapping[str, Any]) -> pd.DataFrame:
    """Return the traits of the `known_animals`.

    Raises:
        AbaloneError: The artifact is older than monitoring.
    """
    check_reference(reference)
    return _traits_of(reference["sample"])


# A model is compared with one window after the other.
@lru_cache(maxsize=2)
def _parsed(sample: str) -> pd.DataFrame:
    # Equal numbers have to be equal to the last bit: most measurements are ties.
    return pd.read_csv(StringIO(sample))


@lru_cache(maxsize=2)
def _traits_of(sample: str) -> pd.DataFrame:
    animals = _parsed(sample)
    return traits(animals, animals[PREDICTED_RINGS])
