"""Requests that arrive together are predicted together: a row alone costs the model as much as ten."""

import asyncio
from collections.abc import Callable

from abalone.serving.formats import Batch
from abalone.serving.formats.batch import Row
from abalone.serving.prediction import Evaluated, ServedModel, evaluate

BATCH_ROWS = 256
"""No more rows than this are predicted at a time, so that the loop stays free for other requests."""


class MicroBatcher:
    """Predicts the rows of all the requests that came in since the event loop last looked.

    Nobody waits for company: a request alone is predicted in the same turn of the loop.
    """

    def __init__(self, current_model: Callable[[], ServedModel]) -> None:
        self._current_model = current_model
        self._waiting: list[tuple[Batch, asyncio.Future[tuple[ServedModel, Evaluated]]]] = []

    async def evaluate(self, batch: Batch) -> tuple[ServedModel, Evaluated]:
        """Predict the rows of a request, with the model in service.

        Args:
            batch: Some rows; many are better predicted in a thread.

        Returns:
            The model that was asked, and what it says.
        """
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._flush)
        future: asyncio.Future[tuple[ServedModel, Evaluated]] = loop.create_future()
        self._waiting.append((batch, future))
        return await future

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        while waiting:
            count, rows = 0, 0
            while count < len(waiting) and (rows == 0 or rows + len(waiting[count][0].sexes) <= BATCH_ROWS):
                rows += len(waiting[count][0].sexes)
                count += 1
            self._predict(waiting[:count])
            waiting = waiting[count:]

    def _predict(self, together: list[tuple[Batch, asyncio.Future[tuple[ServedModel, Evaluated]]]]) -> None:
        model = self._current_model()
        if len(together) == 1:
            sexes, numbers = together[0][0].sexes, together[0][0].numbers
        else:
            sexes, numbers = joined([batch for batch, _ in together])
        try:
            evaluated = evaluate(model, sexes, numbers)
        except Exception as error:
            for _, future in together:
                if not future.done():
                    future.set_exception(error)
            return
        start = 0
        for batch, future in together:
            stop = start + len(batch.sexes)
            if not future.done():  # else its client has gone
                future.set_result((model, evaluated.part(start, stop) if len(together) > 1 else evaluated))
            start = stop


def joined(batches: list[Batch]) -> tuple[list[str], list[Row]]:
    """Return the sexes and the numbers of several batches, one after another."""
    return [sex for batch in batches for sex in batch.sexes], [row for batch in batches for row in batch.numbers]
