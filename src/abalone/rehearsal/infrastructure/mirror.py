"""A provider of Terraform that is on this machine already, where there is no network to fetch one by."""

from pathlib import Path

FOLDERS = (
    "/opt",
    "/srv",
    "/usr/lib",
    "/usr/local/lib",
    "/usr/local/share",
    "/usr/share",
    "/var/lib",
    "~/.terraform.d",
)


def find_mirror(folders: tuple[str, ...] = FOLDERS) -> Path | None:
    """Return the folder for `terraform init -plugin-dir`: it holds <host>/hashicorp/aws/<version>, unpacked.

    Args:
        folders: Where to look, three levels deep.
    """
    patterns = ("*/hashicorp/aws", "*/*/hashicorp/aws", "*/*/*/hashicorp/aws")
    found = (
        provider for folder in folders for pattern in patterns for provider in Path(folder).expanduser().glob(pattern)
    )
    return next((provider.parents[2] for provider in found), None)
