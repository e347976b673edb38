"""What runs by itself: the worker's sign of life, and the jobs of each day."""

from django.db import models


class Heartbeat(models.Model):
    """The sign of life of a process that runs by itself (``core.worker``); one row each.

    ``trouble`` says in the mail server's words why no mail leaves; empty when all is well.
    """

    name = models.CharField(max_length=40, unique=True)
    host = models.CharField(max_length=100)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    trouble = models.TextField(blank=True)
    trouble_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "裏で動く処理"

    def __str__(self) -> str:
        return self.name


class DailyRun(models.Model):
    """One job of one day (``core.daily``): done, or tried so far without success."""

    name = models.CharField(max_length=60)
    day = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    result = models.CharField(max_length=200, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "毎日の処理"
        constraints = [
            models.UniqueConstraint(fields=["name", "day"], name="core_dailyrun_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.day}"
