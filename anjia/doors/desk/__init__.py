"""The staff's desk: home, intake, worklists, the matter page. Screens only; every rule is the engine's."""
