"""What travels: the one definition of each message, shared by the SDK and the server.

Each model stands beside the ``...Params`` TypedDict that callers may pass in its place. Models are
frozen, keep fields they do not know, and read requests and answers of every API version leniently;
see `cartesia.wire.base` for the rules.
"""
