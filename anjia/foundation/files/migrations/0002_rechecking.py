from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="file",
            name="checked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="file",
            name="fault",
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AddIndex(
            model_name="file",
            index=models.Index(fields=["checked_at", "id"], name="file_checked"),
        ),
        migrations.AddIndex(
            model_name="file",
            index=models.Index(
                condition=models.Q(("fault", ""), _negated=True), fields=["matter"], name="file_broken"
            ),
        ),
    ]
