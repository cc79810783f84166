"""What the stories of losses share: accounts for them, and an accountant who books."""

from ..recovery.common import TODAY, RecoveryCase, day

__all__ = ["TODAY", "LossCase", "day"]


class LossCase(RecoveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Account = cls.env["account.account"]
        cls.allowance_account, cls.loss_account, cls.income_account = Account.create(
            [
                {"name": "Allowance", "code": "199901", "account_type": "asset_current"},
                {"name": "Bad Debts", "code": "699901", "account_type": "expense"},
                {"name": "Recoveries", "code": "499901", "account_type": "income_other"},
            ]
        )
        cls.company.write(
            {
                "credit_allowance_account_id": cls.allowance_account.id,
                "credit_loss_account_id": cls.loss_account.id,
                "credit_recovery_account_id": cls.income_account.id,
            }
        )
        cls.bookkeeper = cls._user("berta", "account.group_account_manager")

    @classmethod
    def _entry(cls, amount, date=TODAY):
        """A posted entry that adds ``amount`` to the allowance account, negative: takes off."""
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "date": date,
                "line_ids": [
                    (0, 0, {"account_id": cls.loss_account.id, "balance": amount}),
                    (0, 0, {"account_id": cls.allowance_account.id, "balance": -amount}),
                ],
            }
        )
        move.action_post()
        return move

    def _balance(self, account):
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        return sum(lines.mapped("balance"))
