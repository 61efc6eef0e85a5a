"""The end of a run, for a person: what came in, how good the model is, and where to look."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

REPORTS = ("ingestion_report", "model", "comparison", "gate")
"""The datasets that the summary tells of."""

PLACES = ("model_card_html", "quarantine_report", "predicted_vs_actual_figure")
"""The datasets whose place the summary names."""


def show(reports: Mapping[str, Any], places: Mapping[str, str], console: Console | None = None) -> None:
    """Print the summary of a run.

    Args:
        reports: What `REPORTS` names, by name.
        places: Where the datasets that `PLACES` names are stored, by name.
        console: Where to print; standard output by default.
    """
    console = console or Console(highlight=False, soft_wrap=True)
    comparison = reports["comparison"]
    console.print()
    for name, text in {
        "Rows": _rows(reports["ingestion_report"], reports["model"].metadata, comparison),
        "Test": f"{comparison['model']['overall']['rows']:,} animals that no model has seen",
    }.items():
        console.print(f"[bold]{name:<11}[/]{text}")
    console.print(_scores(comparison))
    for name, text in {
        "Intervals": _intervals(comparison["model"]["overall"]),
        "New site": _new_site(reports["model"].metadata["cross_validation"]),
        "Gate": _gate(reports["gate"], comparison["against"].get("champion", {})),
        "Model card": escape(places["model_card_html"]),
        "Figures": escape(places["predicted_vs_actual_figure"].rsplit("/", 1)[0]),
        "Quarantine": escape(places["quarantine_report"]),
    }.items():
        console.print(f"[bold]{name:<11}[/]{text}")


def tell_rows(report: Mapping[str, Any]) -> str:
    """Tell what became of the rows of the landing zone.

    Args:
        report: Of the ingestion.

    Returns:
        A line, and one for each refused batch, as Rich's markup.
    """
    fates = " + ".join(f"{report[fate]:,} {fate}" for fate in ("accepted", "quarantined", "duplicates"))
    refused = (f"{'':<11}- batch {batch} was refused: {why}" for batch, why in report["refused_batches"].items())
    return "\n".join((f"{report['rows_in']:,} in = {fates}", *map(escape, refused)))


def _rows(report: Mapping[str, Any], metadata: Mapping[str, Any], comparison: Mapping[str, Any]) -> str:
    used = metadata["training_data"]["rows"] + comparison["model"]["overall"]["rows"]
    if used == report["accepted"]:
        return tell_rows(report)
    return (
        f"{used:,} in the tables that were read; [yellow]the ingestion report is of others[/], with "
        f"{report['accepted']:,}: run all pipelines, or choose the tables by ABALONE_INGESTION_ENGINE"
    )


def _scores(comparison: Mapping[str, Any]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("")
    confidence = comparison["model"]["confidence"]
    for title in (f"RMSE ({confidence:.0%} interval)", "MAE", "R²", "within ±1 ring"):
        table.add_column(title, justify="right")
    rivals = {"model": comparison["model"], **comparison["baselines"]}
    if champion := comparison["champion"]:
        # fewer than all, if it has learnt from the others
        rows = champion["overall"]["rows"]
        rivals["champion" if rows == rivals["model"]["overall"]["rows"] else f"champion, on {rows:,}"] = champion
    for name, scores in rivals.items():
        table.add_row(f"  {name}", *_row(scores["overall"]))
    return table


def _row(overall: Mapping[str, Any]) -> tuple[str, ...]:
    rmse = overall["rmse"]
    if rmse is None:
        return ("too few rows to say", "", "", "")
    return (
        f"{rmse['value']:.3f} ({rmse['lower']:.2f} to {rmse['upper']:.2f}) rings",
        f"{overall['mae']['value']:.3f}",
        f"{overall['r2']['value']:.3f}" if overall["r2"] else "",
        f"{overall['within_one_ring']['value']:.1%}",
    )


def _intervals(overall: Mapping[str, Any]) -> str:
    coverage, width = overall["coverage"], overall["mean_width"]
    if coverage is None or width is None:
        return "too few rows to say"
    return (
        f"contain {coverage['value']:.1%} of the true ring counts "
        f"({coverage['lower']:.1%} to {coverage['upper']:.1%}); {width['value']:.2f} rings wide on average"
    )


def _new_site(cross_validation: Mapping[str, Any]) -> str:
    new_site, random = (cross_validation[protocol]["rmse"] for protocol in ("new_site", "random"))
    return f"RMSE {new_site:.3f} rings where a site was left out, {random:.3f} where animals were (cross-validation)"


def _gate(gate: Mapping[str, Any], against_champion: Mapping[str, Any]) -> str:
    outcome = "the champion stays" if "itself" in against_champion else "the model is now the champion"
    verdict = f"[green]passed[/]: {outcome}" if gate["passed"] else "[yellow]not passed[/]"
    return "\n".join((verdict, *(f"{'':<11}- {escape(reason)}" for reason in gate["reasons"])))
