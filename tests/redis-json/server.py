"""A Redis with the JSON commands and Lua on 127.0.0.1, at the port that is given."""

import sys

from fakeredis import TcpFakeServer
from fakeredis.commands_mixins._mixin_base import CommandsMixinBase, SimpleString

plain_type = CommandsMixinBase._key_value_type


def type_of(key):
    # RedisJSON names its type so; fakeredis 2.40.0 has no name for its own JSON values and fails.
    if type(key.value) is dict:
        return SimpleString(b"ReJSON-RL")
    return plain_type(key)


CommandsMixinBase._key_value_type = staticmethod(type_of)
TcpFakeServer(("127.0.0.1", int(sys.argv[1])), server_type="redis").serve_forever()
