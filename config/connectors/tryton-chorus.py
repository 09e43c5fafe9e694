#!/usr/bin/python3
"""Stores the login and password of Relève in Tryton's account configuration (module account_fr_chorus), by proteus.

Reads one line of JSON; the values `database`, `user` and `config` of the account say which Tryton. With --check it changes nothing and
ends with 0 where Tryton has them already, 3 where it has others. Anything else, a crash among it, ends with 1.
"""
import json
import sys

from proteus import Model, config

facts = json.loads(sys.stdin.readline())
account = facts.get("account", {})
config.set_trytond(
    account.get("database", "tryton"),
    user=account.get("user", "admin"),
    config_file=account.get("config", "/etc/tryton/trytond.conf"),
)
# The company is that of the user.
stored = Model.get("account.configuration")(1)
wanted = (facts["login"], facts["password"])

if sys.argv[1:] == ["--check"]:
    if not stored.chorus_password:
        print('{"version":null}')
    sys.exit(0 if (stored.chorus_login, stored.chorus_password) == wanted else 3)

stored.chorus_login, stored.chorus_password = wanted
stored.save()
