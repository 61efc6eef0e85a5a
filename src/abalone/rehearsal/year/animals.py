"""The animals of the year: rows of the real survey, each met once at most, measured as they are or by a wrong scale."""

from pathlib import Path

import numpy as np
import pandas as pd

from abalone.errors import AbaloneError
from abalone.pipelines.ingestion.nodes import drop_duplicates, validate_batches
from abalone.rehearsal.year.scenario import Scenario, Span
from abalone.schema import COLUMN_NAMES

HOME, NEW_SITE = "home", "new site"
WEIGHTS = ["whole_weight", "shucked_weight", "viscera_weight", "shell_weight"]
WEEKS_A_YEAR = 52


def read_survey(path: Path, parts_tolerance: float, maximum_line_bytes: int) -> pd.DataFrame:
    """Read the survey as the ingestion does.

    Args:
        path: A batch.
        parts_tolerance: `ingestion.parts_tolerance`.
        maximum_line_bytes: `ingestion.maximum_line_bytes`.

    Returns:
        Its valid rows: line and the columns of `schema.COLUMN_NAMES`, in collection order.

    Raises:
        AbaloneError: It cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise AbaloneError(f"the survey {path} cannot be read: {error.strerror}") from error
    valid, _, _ = validate_batches({path.name: lambda: content}, parts_tolerance, maximum_line_bytes)
    unique, _ = drop_duplicates(valid)
    return unique[["line", *COLUMN_NAMES]]


def draw_year(survey: pd.DataFrame, scenario: Scenario, seed: int) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Draw the animals of the first survey and those of every week.

    Args:
        survey: What `read_survey` returns.
        scenario: What happens when.
        seed: Decides who is met when, and whose rings are counted.

    Returns:
        The first survey, with the columns of `schema.COLUMN_NAMES`; and for each week its animals, with the
        measurements as they were taken, the true rings, `site`, and `told`: the week in which the rings are told, 0
        for never.

    Raises:
        AbaloneError: The survey has too few animals.
    """
    rng = np.random.default_rng(seed)
    pools = {
        HOME: _between(survey, scenario.animals.home),
        NEW_SITE: _between(survey, scenario.animals.new_site),
    }
    # in collection order, by which training tells how sites differ
    first = _draw(pools, HOME, scenario.animals.first_survey, 0.0, rng).sort_values("line")
    return first[list(COLUMN_NAMES)], [_week(pools, scenario, week, rng) for week in range(1, scenario.weeks + 1)]


def _week(pools: dict[str, pd.DataFrame], scenario: Scenario, week: int, rng: np.random.Generator) -> pd.DataFrame:
    share = scenario.new_site.share_in(week)
    from_new_site = int(rng.binomial(scenario.animals.a_week, share))
    preference = scenario.season.strength * np.cos(2 * np.pi * week / WEEKS_A_YEAR)
    met = pd.concat(
        [
            _draw(pools, site, rows, preference, rng).assign(site=site)
            for site, rows in ((HOME, scenario.animals.a_week - from_new_site), (NEW_SITE, from_new_site))
        ],
        ignore_index=True,
    )
    is_counted = rng.random(len(met)) < scenario.laboratory.share
    met["told"] = np.where(is_counted, scenario.laboratory.told_in(week), 0)
    # a scale shows so many digits, right or wrong
    met[WEIGHTS] = (met[WEIGHTS] * scenario.scale.factor_in(week)).round(4)
    return met


def _draw(
    pools: dict[str, pd.DataFrame], site: str, rows: int, preference: float, rng: np.random.Generator
) -> pd.DataFrame:
    """Take animals out of a pool, large ones rather than small ones where the preference is positive."""
    pool = pools[site]
    if rows > len(pool):
        raise AbaloneError(f"the survey has too few animals of the {site}: lower animals.a_week of the scenario")
    length = pool["length"]
    odds = np.exp(preference * (length - length.mean()) / length.std()) if rows else np.ones(len(pool))
    chosen = rng.choice(pool.index.to_numpy(), rows, replace=False, p=np.asarray(odds / odds.sum()))
    pools[site] = pool[~pool.index.isin(chosen)]
    return pool.loc[chosen]


def _between(survey: pd.DataFrame, spans: list[Span]) -> pd.DataFrame:
    return survey[np.any([survey["line"].between(first, last) for first, last in spans], axis=0)]
