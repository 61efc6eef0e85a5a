"""Writes the tables of docs/cost.md: what a month costs, by the assumptions in cost.yml and the sizes in Terraform.

`--check` writes nothing, and fails when the tables are not what it would write.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import infrastructure
import yaml

ASSUMPTIONS = yaml.safe_load(Path(__file__).with_name("cost.yml").read_text(encoding="utf-8"))
DOCUMENT = Path(__file__).with_name("cost.md")
ENVIRONMENTS, MONTHS = ("dev", "prd"), ("idle", "busy")
HOURS = 730
CENT = 0.005
"""What is less is shown as nothing."""

SWITCHES: dict[str, tuple[str, dict[str, Any]]] = {
    "hosts in private subnets, behind a NAT gateway": ("`network.nat_gateway`", {"network": {"nat_gateway": True}}),
    "one more host, always": ("`hosts.minimum`", {"hosts": {"minimum": 1}}),
    "one more production instance, always": (
        "`production_endpoint.minimum_instances`",
        {"production_endpoint": {"minimum_instances": 1}},
    ),
    "Cloud9, always on (closed to new customers)": ("`cloud9_instance_type`", {"cloud9_instance_type": "t3.small"}),
    "monitoring every day": ("`monitoring_schedule`", {"monitoring_schedule": "rate(1 day)"}),
    "retraining every day": ("`retraining.schedule`", {"releases": 30}),
}
"""What can be switched on in an environment, and what of its settings, or of its usage, is more by it."""


class Charge(NamedTuple):
    """So much of what has a price, by a module."""

    module: str
    price: str
    amount: float

    @property
    def usd(self) -> float:
        """What it costs."""
        return float(ASSUMPTIONS["prices"][self.price] * self.amount)


def charges(settings: Mapping[str, Any], pieces: Mapping[str, float], usage: Mapping[str, float]) -> Iterator[Charge]:
    """Name everything that is charged in a month.

    Args:
        settings: What the environment gives to the stack.
        pieces: What Terraform makes of it that is charged by the piece.
        usage: What is done with it.
    """
    release, batch, million = (ASSUMPTIONS["each"][name] for name in ("release", "batch", "million_predictions"))
    releases, batches, millions = (usage[name] for name in ("releases", "batches", "million_predictions"))
    hosts, zones = settings["hosts"]["minimum"], ASSUMPTIONS["zones"]
    gigabytes = usage["gigabytes"] + millions * million["gigabytes"]
    transitions = releases * release["transitions"] + batches * batch["transitions"]
    seconds = releases * release["function_seconds"] + batches * batch["function_seconds"]
    etl, units = settings["etl"], ASSUMPTIONS["glue_units"]

    yield Charge("kms", "kms.key-months", 1)
    yield Charge("s3", "s3.gigabyte-months", gigabytes)
    yield Charge("s3", "s3.writes", millions * million["writes"])
    yield Charge("eventbridge", "eventbridge.events", millions * million["writes"])
    yield Charge("ecr", "ecr.gigabyte-months", usage["image_gigabytes"])
    yield Charge("network", "vpc.nat-gateway-hours", pieces["nat_gateways"] * HOURS)
    yield Charge("network", "vpc.public-address-hours", pieces["nat_gateways"] * HOURS)
    yield Charge("ec2", f"ec2.{settings['hosts']['instance_type']}.hours", hosts * HOURS)
    yield Charge("ec2", "ebs.gigabyte-months", hosts * pieces["host_disk_gigabytes"])
    yield Charge("ec2", "vpc.public-address-hours", (zones + (0 if pieces["nat_gateways"] else hosts)) * HOURS)
    yield Charge("ec2", "alb.hours", HOURS)
    yield Charge("ec2", "alb.capacity-unit-hours", millions * million["hosts"] * million["capacity_unit_hours"])
    for endpoint, instances in (("staging_endpoint", "instances"), ("production_endpoint", "minimum_instances")):
        size = settings[endpoint]
        yield Charge("endpoint", f"sagemaker.{size['instance_type']}.hours", size[instances] * HOURS)
        yield Charge("endpoint", "cloudwatch.alarm-months", ASSUMPTIONS["endpoint_alarms"])
    yield Charge("codebuild", "codebuild.medium.minutes", releases * release["medium_build_minutes"])
    yield Charge("codebuild", "codebuild.small.minutes", releases * release["small_build_minutes"])
    yield Charge("codepipeline", "codepipeline.action-minutes", releases * release["action_minutes"])
    yield Charge("sagemaker", f"sagemaker.{release['job_instance']}.hours", releases * release["job_minutes"] / 60)
    if settings["monitoring_schedule"]:
        monitoring = ASSUMPTIONS["each"]["monitoring"]
        hours = monitoring["runs"] * monitoring["job_minutes"] / 60
        yield Charge("sagemaker", f"sagemaker.{monitoring['job_instance']}.hours", hours)
    # A release prepares the data, too.
    glue_hours = (releases + batches) * batch["glue_minutes"] / 60
    yield Charge("glue", "glue.unit-hours", glue_hours * etl["number_of_workers"] * units[etl["worker_type"]])
    yield Charge("stepfunctions", "stepfunctions.transitions", transitions)
    yield Charge("lambda", "lambda.gigabyte-seconds", seconds * pieces["function_gigabytes"])
    yield Charge("cloudwatch", "cloudwatch.alarm-months", pieces["alarms"])
    yield Charge("cloudwatch", "cloudwatch.composite-alarm-months", pieces["composite_alarms"])
    yield Charge("cloudwatch", "cloudwatch.dashboard-months", pieces["dashboards"])
    yield Charge("cloudwatch", "cloudwatch.metric-months", usage["metrics"])
    yield Charge("cloudwatch", "cloudwatch.log-gigabytes", usage["log_gigabytes"])
    if settings["cloud9_instance_type"]:
        yield Charge("cloud9", f"ec2.{settings['cloud9_instance_type']}.hours", HOURS)


def costs(environment: str, month: str, more: Mapping[str, Any] | None = None) -> dict[str, float]:
    """Return what a month costs, by module.

    Args:
        environment: Name of the environment.
        month: "idle" or "busy".
        more: What of its settings or its usage is more than it is.
    """
    settings = infrastructure.settings(environment)
    pieces, usage = deepcopy(ASSUMPTIONS["pieces"][environment]), dict(ASSUMPTIONS["usage"][month])
    for name, added in (more or {}).items():
        if name in usage:
            usage[name] += added
        elif isinstance(added, dict):
            settings[name] = settings[name] | {key: _sum(settings[name][key], value) for key, value in added.items()}
        else:
            settings[name] = added
    if settings["network"]["nat_gateway"]:
        pieces["nat_gateways"] = pieces["nat_gateways"] or 1
    by_module: dict[str, float] = defaultdict(float)
    for charge in charges(settings, pieces, usage):
        by_module[charge.module] += charge.usd
    return by_module


def _sum(value: Any, more: Any) -> Any:
    return more if isinstance(more, bool) else value + more


def month_table() -> str:
    """Return the table of what a month costs by module."""
    columns = {f"{name}, {month}": costs(name, month) for name in ENVIRONMENTS for month in MONTHS}
    modules = sorted(infrastructure.modules(), key=lambda name: -columns["prd, busy"].get(name, 0))
    charged = [name for name in modules if any(column.get(name, 0) >= CENT for column in columns.values())]
    free = ", ".join(f"`{name}`" for name in sorted(set(modules) - set(charged)))
    rows = [[f"`{name}`", *(f"{column.get(name, 0):.2f}" for column in columns.values())] for name in charged]
    total = ["**all**", *(f"**{sum(column.values()):.2f}**" for column in columns.values())]
    return f"{_table(['USD a month', *columns], [*rows, total])}\n\nLess than a cent: {free}."


def switch_table() -> str:
    """Return the table of what each switch adds to an idle month."""
    rows = []
    for title, (setting, more) in SWITCHES.items():
        added = [sum(costs(name, "idle", more).values()) - sum(costs(name, "idle").values()) for name in ENVIRONMENTS]
        rows.append([title, setting, *(f"{usd:.2f}" if usd >= CENT else "on" for usd in added)])
    return _table(["switch", "setting of the stack", *(f"{name}, USD a month more" for name in ENVIRONMENTS)], rows)


def _table(header: list[str], rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, ["---"] * len(header), *rows])


def written(document: str) -> str:
    """Return a document with the tables between their markers, which it has to have."""
    for name, table in (("month", month_table()), ("switches", switch_table())):
        marked = rf"(<!-- {name} -->\n).*?(<!-- end -->)"
        document, places = re.subn(marked, rf"\g<1>{table}\n\g<2>", document, flags=re.DOTALL)
        if places != 1:
            sys.exit(f"docs/cost.md has {places} places between <!-- {name} --> and <!-- end -->: the table needs one")
    return document


def main() -> None:
    """Write the tables, or check that they are written."""
    document = DOCUMENT.read_text(encoding="utf-8")
    if "--check" in sys.argv[1:]:
        if written(document) != document:
            sys.exit("docs/cost.md is not what prices and sizes come to: `make cost` writes it anew")
    else:
        DOCUMENT.write_text(written(document), encoding="utf-8")
        print(f"{month_table()}\n\n{switch_table()}")  # noqa: T201


if __name__ == "__main__":
    main()
