"""The application names every package that publishes something."""

import pkgutil

import skranke
from skranke import app


def test_no_package_that_publishes_is_forgotten():
    publishing = {
        module.name.removeprefix("skranke.").rpartition(".")[0]
        for module in pkgutil.walk_packages(skranke.__path__, "skranke.")
        if not module.ispkg and module.name.rpartition(".")[2] in app.PLUGIN_MODULES
    }
    assert publishing == set(app.PACKAGES)


def test_no_package_is_named_twice():
    assert len(app.PACKAGES) == len(set(app.PACKAGES))
