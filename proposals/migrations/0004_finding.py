"""The search index of the board, and the indexes that its list reads."""

from django.db import migrations, models

from core.search.operations import BuildSearchIndex


class Migration(migrations.Migration):
    dependencies = [("proposals", "0003_first_steps")]

    operations = [
        migrations.RemoveIndex("proposal", "proposals_newest"),
        migrations.AddIndex(
            "proposal",
            models.Index(
                fields=[
                    "-active_at",
                    "-id",
                    "status",
                    "level",
                    "hidden_at",
                    "organization",
                    "kind",
                    "ends_on",
                    "answered_at",
                    "wished_from",
                    "wished_until",
                    "version",
                ],
                name="proposals_board",
            ),
        ),
        migrations.AddIndex(
            "proposal",
            models.Index(
                fields=[
                    "organization",
                    "status",
                    "kind",
                    "level",
                    "hidden_at",
                    "ends_on",
                    "answered_at",
                    "wished_from",
                    "wished_until",
                ],
                name="proposals_counted",
            ),
        ),
        # Of a table that Django makes by itself, so no model can declare it.
        migrations.RunSQL(
            "CREATE INDEX proposals_of_theme ON proposals_proposal_themes (theme_id, proposal_id)",
            "DROP INDEX proposals_of_theme",
        ),
        BuildSearchIndex("proposal"),
    ]
