"""The configuration as the ORM's own command line wants it: `tortoise -c participa.db.orm.ORM`."""

from participa.db.engine import orm_config
from participa.settings import load_settings

ORM = orm_config(load_settings())
