"""What `serve` and `user` have in common."""

import argparse
from importlib.util import find_spec

from shenbao.cli.options import settings_of
from shenbao.errors import UsageError
from shenbao.settings import ServiceSettings, Settings


def service_settings(args: argparse.Namespace) -> Settings:
    """The settings, with what the command line says of the service put over them.

    Raises:
        UsageError: the packages of the service are missing, or a value is out of range.
    """
    missing = [name for name in ("fastapi", "sqlalchemy", "alembic", "argon2") if find_spec(name) is None]
    if missing:
        raise UsageError(f"{', '.join(missing)} missing: pip install 'shenbao[service]'")
    settings = settings_of(args)
    names = ("data", "database", "host", "port", "workers")
    given = {name: getattr(args, name, None) for name in names}
    wishes = {name: value for name, value in given.items() if value is not None}
    try:
        service = ServiceSettings.model_validate({**settings.service.model_dump(), **wishes})
    except ValueError as error:
        raise UsageError(str(error)) from error
    return settings.model_copy(update={"service": service})
