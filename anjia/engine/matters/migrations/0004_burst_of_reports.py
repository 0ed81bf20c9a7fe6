from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0003_walls"),
    ]

    operations = [
        migrations.AddField(
            model_name="matter",
            name="burst",
            field=models.CharField(blank=True, max_length=16),
        ),
    ]
