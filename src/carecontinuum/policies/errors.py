"""What can be wrong with a policy."""

from carecontinuum.errors import CareContinuumError

__all__ = ["PolicyInvalid"]


class PolicyInvalid(CareContinuumError):
    """A policy is declared with something impossible."""

    code = "CC210"
    policy: str
    says: str

    def __init__(self, *, policy: str, says: str) -> None:
        """Name the policy and say what is wrong."""
        self.policy = policy
        self.says = says
        super().__init__(policy=policy, says=says)

    def message(self) -> str:
        """Name the policy and what is accepted."""
        return f"policy `{self.policy}`: {self.says}"
