"""The steps of a promotion, in an order in which being stopped leaves nothing half said.

1. The champion's record is replaced, if it still is the one that the plan was made on. From here on the decision
   stands, and the record says who made it, when and why; before, nothing has changed.
2. In the registry the model is approved, then named to the hosts, and at a rollback the one before it rejected.
3. The line of the record is written into the log, which tells that nothing is left to do.

Each step can be repeated, so the same command goes on where another one was stopped. Who has done the last step looks
at the record again: where somebody has replaced it meanwhile, the later two steps are done for theirs, so that of two
promotions at once the one that the record names has the last word in the registry as well.
"""

from typing import Any

from abalone.datasets.champion_record import replace
from abalone.datasets.promotions import is_by_hand, is_logged, promotion, write_line
from abalone.errors import AbaloneError
from abalone.promotion.environment import Environment
from abalone.promotion.plan import Action, Plan


class PackageGoneError(AbaloneError):
    """The champion's model package, or its archive, was deleted after the promotion was planned."""


def carry_out(environment: Environment, plan: Plan, reason: str) -> None:
    """Make the planned version the champion.

    Args:
        environment: Where.
        plan: What to do.
        reason: Why, for the log; that of a resumed plan stands in the record already.

    Raises:
        ChampionChangedError: Another model has become the champion since the plan was made; nothing was changed.
        PackageGoneError: The hosts could not be told; the record has no line in the log.
    """
    record_file, before = environment.models.record, plan.seen.record
    if plan.is_resumed and before:
        _settle(environment, before)
        return
    if before and not is_logged(record_file, before):
        _settle_replaced(environment, before)
    line = promotion(
        by=environment.user, action=plan.action, replaced=plan.seen.version, version=plan.version, reason=reason
    )
    record = {"version": plan.version, "digest": plan.digest, "previous": plan.previous, "promotion": line}
    replace(record_file, record, plan.seen)
    _settle(environment, record)


def _settle_replaced(environment: Environment, record: dict[str, Any]) -> None:
    """Do what follows from a record that is about to be replaced, as far as it can be done."""
    try:
        _settle(environment, record)
    except PackageGoneError:
        write_line(environment.models.record, record)  # the hosts are told of the next champion


def _settle(environment: Environment, record: dict[str, Any]) -> None:
    """Do what follows from a record, and from any that has replaced it meanwhile."""
    latest: dict[str, Any] | None = record
    while latest:
        record = latest
        if is_by_hand(record):
            _tell_registry(environment, record)
        write_line(environment.models.record, record)
        now = environment.models.champion().record
        latest = None if now == record else now


def _tell_registry(environment: Environment, record: dict[str, Any]) -> None:
    registry, line = environment.registry, record["promotion"]
    if registry is None:
        return
    why = f"{line['action']} by {line['by']} at {line['at']}: {line['reason']}"
    package = registry.find(record["digest"])
    if package is None:
        raise PackageGoneError(
            f"{line['to']} is the champion ({environment.models.record}), but no host was told: its model package in "
            f"{registry.group}, or the archive, is gone. Restore it and repeat the command, or promote another version"
        )
    registry.approve(package, why)
    registry.serve(package)
    if line["action"] != Action.ROLLBACK:
        return
    digest = environment.models.digest(line["from"])
    if digest and (rolled_back := registry.find(digest)):
        registry.reject(rolled_back, why)
