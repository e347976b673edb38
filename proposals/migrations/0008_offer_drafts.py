"""Drafts of offers, kept for their organizations."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0003_confirmation"), ("proposals", "0007_told")]

    operations = [
        migrations.CreateModel(
            "OfferDraft",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "message",
                    models.TextField(max_length=2000, verbose_name="提案元に伝えること"),
                ),
                ("saved_at", models.DateTimeField(editable=False, verbose_name="保存した日時")),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="版"),
                ),
                (
                    "page_token",
                    models.UUIDField(editable=False, null=True, verbose_name="保存した画面"),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.office",
                        verbose_name="担当部署",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.organization",
                        verbose_name="申し出る団体",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offer_drafts",
                        to="proposals.proposal",
                        verbose_name="提案",
                    ),
                ),
            ],
            options={
                "verbose_name": "申し出の下書き",
                "verbose_name_plural": "申し出の下書き",
                "ordering": ["saved_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("proposal", "organization"),
                        name="proposals_one_offer_draft_each",
                    )
                ],
            },
        )
    ]
