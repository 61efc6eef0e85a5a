"""What the tables and reports follow from: while it stays the same, so do they."""

import hashlib
import json
from collections.abc import Sequence

from abalone.etl.batches import LandedBatch, code_digest
from abalone.etl.configuration import Configuration

_SPLITTING_CODE = {"abalone.model": "split.py", "abalone.pipelines.feature_engineering": "*.py"}


def digest_inputs(batches: Sequence[LandedBatch], configuration: Configuration) -> str:
    """Digest the batches, the parameters and the code.

    Args:
        batches: All batches, whose fingerprints know the code and the parameters of parsing.
        configuration: The other parameters. That it is the ETL that makes the tables is none of them.
    """
    follows_from = [
        code_digest(_SPLITTING_CODE),
        configuration.ingestion["max_quarantined_fraction"],
        configuration.feature_engineering,
        [batch.fingerprint for batch in batches],
    ]
    return hashlib.sha256(json.dumps(follows_from, sort_keys=True).encode()).hexdigest()[:32]
