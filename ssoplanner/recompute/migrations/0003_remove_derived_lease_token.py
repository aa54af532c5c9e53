from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("recompute", "0002_job")]

    operations = [migrations.RemoveField(model_name="derived", name="lease_token")]
