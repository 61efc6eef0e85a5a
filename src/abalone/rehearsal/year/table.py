"""The year as a table, a line a week as it is played, and what it has shown."""

from rich.console import Console
from rich.markup import escape

from abalone.pipelines.monitoring.decision import ALARM, OK, RETRAIN, WATCH
from abalone.rehearsal.year.played import Outcome, PlayedWeek, rmse
from abalone.rehearsal.year.verdict import CONFIDENCE, Promotion, Verdict

HEADER = (
    "             rings           RMSE    RMSE\nweek animals  told  model  served  frozen  decision what happened, why"
)
MODELS = (Outcome.PROMOTED, Outcome.REFUSED, Outcome.UNCHANGED)
ALARMS = (Outcome.SET_ASIDE, Outcome.FALSE_ALARM)
STYLES = {OK: "green", WATCH: "cyan", RETRAIN: "yellow", ALARM: "red"}


def show_header(console: Console) -> None:
    """Print the heading of the weeks."""
    console.print(HEADER, style="bold", highlight=False)


def show_week(console: Console, week: PlayedWeek) -> None:
    """Print a week's line; a terminal cuts it to its width."""
    served, frozen = map(rmse, week.squared_errors)
    outcome = f"model {week.successor.number} {week.outcome}" if week.successor else week.outcome
    reason = week.reason if week.decision != OK else ""
    happened = "; ".join(filter(None, [*(event.upper() for event in week.events), outcome, reason]))
    numbers = (
        f"{week.week:>4} {len(week.animals):>7} {week.labels:>5} {week.reign.number:>6} {served:>7.2f} {frozen:>7.2f}"
    )
    decision = f"[{STYLES[week.decision]}]{week.decision:<8}[/]"
    line = f"{numbers}  {decision} {escape(happened)}"
    if console.is_terminal:
        console.print(line, highlight=False, no_wrap=True, overflow="ellipsis")
    else:
        console.print(line, highlight=False, soft_wrap=True)


def show_verdict(console: Console, verdict: Verdict) -> None:
    """Print what the year has shown."""
    gain = verdict.gain
    last = "Last week" if gain.weeks == 1 else f"Last {gain.weeks} weeks"
    told = [
        f"{last:<15}RMSE {gain.served:.2f} rings with monitoring, {gain.frozen:.2f} without: lower by "
        f"{gain.frozen - gain.served:.2f} ({CONFIDENCE:.0%} interval {gain.lower:.2f} to {gain.upper:.2f}; "
        f"{gain.rows:,} animals)",
        "Models         " + ", ".join(f"{verdict.outcomes.get(outcome, 0)} {outcome}" for outcome in MODELS),
        *map(_told, verdict.promotions),
        "Alarms         " + ", ".join(f"{verdict.outcomes.get(outcome, 0)} {outcome}" for outcome in ALARMS),
        *(f"[red]{fault}[/]" for fault in verdict.faults),
    ]
    if not verdict.is_whole:
        told.append("The year was cut short: it need not have gained anything.")
    console.print("\n" + "\n".join(told), highlight=False, soft_wrap=True)


def _told(promotion: Promotion) -> str:
    judged = (
        f"RMSE {promotion.after:.2f} rings on the {promotion.rows:,} animals that it served, {promotion.before:.2f} "
        "by the one before it"
        if promotion.rows
        else "no animal came afterwards"
    )
    return f"  model {promotion.number}, after week {promotion.week}: {judged}"
