"""The proposals that still take offers are found without reading the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("proposals", "0008_offer_drafts")]

    operations = [
        migrations.AddIndex(
            "proposal",
            models.Index(
                condition=models.Q(hidden_at=None, offers_stopped_at=None),
                fields=["ends_on", "status", "organization", "level"],
                name="proposals_taking_offers",
            ),
        )
    ]
