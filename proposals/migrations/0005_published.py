"""The index that the members' first page reads."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("proposals", "0004_finding")]

    operations = [
        migrations.AddIndex(
            "proposal",
            models.Index(fields=["-published_at", "-id", "status"], name="proposals_published"),
        ),
    ]
