from django.db import migrations


class Migration(migrations.Migration):
    """The triggers once put up here are put up after every migration now (events/triggers.py)."""

    dependencies = [("events", "0001_initial")]

    operations = []
