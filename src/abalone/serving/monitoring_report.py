"""The latest report of monitoring, looked for each time that somebody asks for it."""

import asyncio
import logging
from http import HTTPStatus

from abalone.serving.report_files import Report, UnreadableReportError, report_file
from abalone.serving.settings import PREFIX

logger = logging.getLogger(__name__)


class NoReportError(Exception):
    """There is no report to show, and the message says why, in a sentence.

    Attributes:
        status: Status code of the answer.
    """

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


class LatestReport:
    """Reads the report beside the event loop, once for all who ask at the same time.

    Args:
        location: As `report_file` takes it; "" for none.

    Raises:
        AbaloneError: An address on S3 without a bucket, or a broken configuration of AWS.
    """

    def __init__(self, location: str) -> None:
        self._file = report_file(location) if location else None
        self._known: Report | None = None
        self._reading: asyncio.Task[Report] | None = None

    async def get(self) -> Report:
        """Return the report as it is now.

        Raises:
            NoReportError: There is none, or it cannot be read.
        """
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(asyncio.to_thread(self._read))
        return await asyncio.shield(self._reading)

    def _read(self) -> Report:
        if self._file is None:
            message = f"This service was not told where the report is: set {PREFIX}MONITORING."
            raise NoReportError(HTTPStatus.NOT_FOUND, message)
        try:
            self._known = self._file.read(self._known)
        except UnreadableReportError as error:
            logger.warning("the monitoring report %s cannot be read: %s", self._file, error)
            message = "The report cannot be read at the moment: the log of the service says why."
            raise NoReportError(HTTPStatus.SERVICE_UNAVAILABLE, message) from error
        if self._known is None:
            message = f"There is no report at {self._file} yet, or the service may not read it."
            raise NoReportError(HTTPStatus.NOT_FOUND, message)
        return self._known
