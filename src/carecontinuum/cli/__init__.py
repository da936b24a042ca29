"""The command line: `carecontinuum`, installed with the `cli` extra."""

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line; without the `cli` extra, say how to get it and exit with 1."""
    try:
        from carecontinuum.cli.app import app
    except ModuleNotFoundError as missing:
        if missing.name not in {"click", "rich"}:
            raise
        sys.exit(
            f"carecontinuum: the command line needs `{missing.name}`; "
            "install it with `pip install 'carecontinuum[cli]'`"
        )
    app()
