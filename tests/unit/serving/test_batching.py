"""Requests that are predicted together."""

import asyncio

import pytest

from abalone.serving.batching import BATCH_ROWS, MicroBatcher
from abalone.serving.formats import Batch
from abalone.serving.prediction import Evaluated, ServedModel, evaluate

ANIMAL = (0.53, 0.42, 0.135, 0.677, 0.2565, 0.1415, 0.21)


def batch(rows: int, scale: float) -> Batch:
    return Batch(["M"] * rows, [tuple(scale * number for number in ANIMAL)] * rows)


async def together(batcher: MicroBatcher, batches: list[Batch]) -> list[Evaluated]:
    return [evaluated for _, evaluated in await asyncio.gather(*map(batcher.evaluate, batches))]


def test_each_request_gets_its_own_rows(served: ServedModel) -> None:
    batches = [batch(rows, scale) for rows, scale in ((1, 1.0), (3, 0.5), (BATCH_ROWS + 1, 0.8), (1, 0.7), (2, 3.0))]

    answers = asyncio.run(together(MicroBatcher(lambda: served), batches))

    for asked, answer in zip(batches, answers, strict=True):
        alone = evaluate(served, asked.sexes, asked.numbers)
        assert [each.rings for each in answer.predictions] == pytest.approx([each.rings for each in alone.predictions])
        assert (answer.impossible is None) == (alone.impossible is None)
        assert (answer.unusual is None) == (alone.unusual is None)


def test_requests_of_one_turn_of_the_loop_ask_the_model_once(served: ServedModel) -> None:
    asked = 0

    def current_model() -> ServedModel:
        nonlocal asked
        asked += 1
        return served

    asyncio.run(together(MicroBatcher(current_model), [batch(1, 1.0)] * 10))

    assert asked == 1


def test_fault_of_the_model_reaches_everyone_who_waits(served: ServedModel) -> None:
    async def ask() -> list[object]:
        batcher = MicroBatcher(lambda: served)
        unknown = Batch(["X"], [(0.1,)])
        return await asyncio.gather(*[batcher.evaluate(unknown) for _ in range(3)], return_exceptions=True)

    assert [isinstance(answer, Exception) for answer in asyncio.run(ask())] == [True] * 3


def test_client_that_went_away_leaves_the_others_their_answers(served: ServedModel) -> None:
    async def ask() -> Evaluated:
        batcher = MicroBatcher(lambda: served)
        gone, waits = (asyncio.ensure_future(batcher.evaluate(batch(1, 1.0))) for _ in range(2))
        await asyncio.sleep(0)
        gone.cancel()
        return (await waits)[1]

    assert len(asyncio.run(ask()).predictions) == 1
