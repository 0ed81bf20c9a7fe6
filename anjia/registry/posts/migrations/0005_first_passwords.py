"""Handed-over passwords end, days for a second factor are counted, colleagues' codes are kept like passwords."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("posts", "0004_stopped_and_pledged"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="password_due",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="account",
            name="first_in_at",
            field=models.DateTimeField(null=True),
        ),
        # Codes are good for a day: one given under the former hash opens nothing and is given anew.
        migrations.RemoveField(
            model_name="vouch",
            name="code",
        ),
        migrations.AddField(
            model_name="vouch",
            name="code",
            field=models.CharField(default="", max_length=128),
            preserve_default=False,
        ),
    ]
