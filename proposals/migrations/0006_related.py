"""Proposals may point to others like them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("proposals", "0005_published")]

    operations = [
        migrations.AddField(
            "proposal",
            "related",
            models.ManyToManyField(
                blank=True, to="proposals.proposal", verbose_name="関連する提案"
            ),
        ),
    ]
