"""What the secretariat has written down for a caller; proposals that joint projects came from."""

from django.db import migrations, models

CHANNELS = [
    ("web", "サイトで"),
    ("phone", "電話で確認"),
    ("fax", "ファクスで確認"),
    ("mail", "メールで確認"),
    ("counter", "窓口で確認"),
]


def told(model: str) -> list[migrations.AddField]:
    through = models.CharField(
        choices=CHANNELS,
        default="web",
        editable=False,
        max_length=10,
        verbose_name="連絡の方法",
    )
    day = models.DateField(blank=True, editable=False, null=True, verbose_name="連絡があった日")
    return [
        migrations.AddField(model, "told_through", through),
        migrations.AddField(model, "told_on", day),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0003_year_reports"),
        ("proposals", "0006_related"),
    ]

    operations = [
        *told("reply"),
        *told("offerstep"),
        *told("talkmessage"),
        migrations.AddField(
            "proposal",
            "projects",
            models.ManyToManyField(
                blank=True,
                editable=False,
                related_name="proposals",
                to="agreements.collaboration",
                verbose_name="結び付けた連携事業",
            ),
        ),
    ]
