"""The life of an environment, from nothing to nothing."""

import os
from dataclasses import dataclass
from pathlib import Path

from abalone.errors import AbaloneError
from abalone.rehearsal.aws.account import LocalAccount
from abalone.rehearsal.infrastructure.leftovers import leftovers
from abalone.rehearsal.infrastructure.terraform import Terraform
from abalone.rehearsal.infrastructure.workspace import copy_environment

CHANGE = {"monthly_limit_usd": "1234"}
CHANGED = {"module.abalone.module.budgets.aws_budgets_budget.this": ["update"]}
"""What the change has to do, and nothing else."""


@dataclass(frozen=True)
class Life:
    """An environment in an account; each step says in words what it did.

    Attributes:
        name: dev or prd.
        terraform: Its configuration.
        account: Where it is applied.
    """

    name: str
    terraform: Terraform
    account: LocalAccount

    @classmethod
    def begin(cls, repository: Path, name: str, scratch: Path, account: LocalAccount) -> "Life":
        """Copy an environment into a scratch folder, ready to be applied.

        Raises:
            AbaloneError: Packages are not built, or Terraform cannot be initialised.
        """
        directory = copy_environment(repository, name, scratch)
        # What the user has set for an account of their own does not count; this one is made to be destroyed.
        parent = {key: value for key, value in os.environ.items() if not key.startswith("TF_VAR_")}
        environment = {**account.environment(parent), "TF_VAR_force_destroy": "true", "CHECKPOINT_DISABLE": "1"}
        terraform = Terraform(directory, environment)
        terraform.init()
        return cls(name, terraform, account)

    def apply(self) -> None:
        """Make everything."""
        self.terraform.apply()

    def __str__(self) -> str:
        return f"{len(self.terraform.resources())} resources"

    def plan_again(self) -> str:
        """Plan what was just applied.

        Raises:
            AbaloneError: There is something to do.
        """
        if changes := self.terraform.plan():
            raise AbaloneError(f"the second plan of {self.name} is not empty: {_told(changes)}")
        return "nothing to change"

    def change(self) -> str:
        """Change one variable.

        Raises:
            AbaloneError: Anything else changes than has to.
        """
        changes = self.terraform.plan(refresh=False, **CHANGE)
        if changes != CHANGED:
            raise AbaloneError(
                f"the change of {', '.join(CHANGE)} in {self.name} does other than it has to: {_told(changes)}"
            )
        self.terraform.apply_plan()
        return f"{_told(changes)} in place"

    def destroy(self) -> str:
        """Remove everything.

        Raises:
            AbaloneError: Something is left.
        """
        try:
            self.terraform.destroy(refresh=False)
        except AbaloneError:
            # What was removed, and its answer lost, cannot be removed again: the account is asked what is there.
            self.terraform.destroy(refresh=True)
        left = [*self.terraform.resources(), *leftovers(self.account, self.name)]
        if left:
            raise AbaloneError(f"{self.name} is destroyed, and left: {', '.join(left)}")
        return "nothing is left"


def _told(changes: dict[str, list[str]]) -> str:
    return ", ".join(f"{'/'.join(actions)} {address}" for address, actions in changes.items())
