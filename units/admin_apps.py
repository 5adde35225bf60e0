"""The admin site of this project in the place of Django's."""

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    """Makes `admin.site` our own."""

    default_site = "units.admin_site.OfficeAdminSite"
