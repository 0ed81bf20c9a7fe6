from django.db import migrations

from anjia.foundation.events import triggers


class Migration(migrations.Migration):
    """The database itself refuses to change or delete events and access rows."""

    dependencies = [("events", "0001_initial")]

    operations = [migrations.RunPython(triggers.install, triggers.remove)]
