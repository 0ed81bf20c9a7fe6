from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "anjia.registry.places"
    label = "places"
