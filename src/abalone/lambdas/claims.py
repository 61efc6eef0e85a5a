"""The last start of a retraining, kept in one object that only one at a time can replace.

Step Functions and EventBridge may start several retrainings in the same second. S3's conditional writes decide which
one it is: whoever writes over the object that it has read.
"""

import json
from datetime import datetime
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

KEY = "state/retraining/last_start.json"

_ABSENT = ("NoSuchKey", "404")
_LOST = ("PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey")


class Claim(NamedTuple):
    """Who retrains.

    Attributes:
        by: The execution that claimed it.
        reason: Why.
        at: When.
        execution_id: The pipeline execution that was started; None until then.
        landing_bytes: Size of the landing zone then; None in a claim that is older than this figure.
    """

    by: str
    reason: str
    at: datetime
    execution_id: str | None = None
    landing_bytes: int | None = None


class Kept(NamedTuple):
    """A claim as S3 has it.

    Attributes:
        claim: The claim.
        etag: Of the object: what tells whether somebody has replaced it.
    """

    claim: Claim
    etag: str


class ClaimStore(NamedTuple):
    """Where the last claim is kept.

    Attributes:
        s3: boto3's client.
        bucket: Of the environment.
    """

    s3: Any
    bucket: str

    def last(self) -> Kept | None:
        """Return the last claim; None if there was never one."""
        try:
            answer = self.s3.get_object(Bucket=self.bucket, Key=KEY)
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise
        fields = json.loads(answer["Body"].read())
        return Kept(Claim(**{**fields, "at": datetime.fromisoformat(fields["at"])}), answer["ETag"])

    def replace(self, last: Kept | None, claim: Claim) -> Kept | None:
        """Write a claim over the last one.

        Args:
            last: The last one, as it was read.
            claim: The new one.

        Returns:
            The claim as it is kept; None if somebody else was quicker.
        """
        condition = {"IfMatch": last.etag} if last else {"IfNoneMatch": "*"}
        body = json.dumps({**claim._asdict(), "at": claim.at.isoformat()}).encode()
        try:
            answer = self.s3.put_object(Bucket=self.bucket, Key=KEY, Body=body, **condition)
        except ClientError as error:
            if error.response["Error"]["Code"] in _LOST:
                return None
            raise
        return Kept(claim, answer["ETag"])

    def release(self, kept: Kept, previous: Kept | None) -> None:
        """Put back what was before a claim that came to nothing, unless somebody has replaced the claim.

        Args:
            kept: The claim.
            previous: What it replaced.
        """
        if previous:
            self.replace(kept, previous.claim)
            return
        try:
            self.s3.delete_object(Bucket=self.bucket, Key=KEY, IfMatch=kept.etag)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _LOST:
                raise
