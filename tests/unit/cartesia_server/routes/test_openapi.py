import json

from starlette.routing import Route, WebSocketRoute

from cartesia_server.app import create_app
from cartesia_server.routes.absent import absent
from cartesia_server.routes.openapi import document


def references(node):
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from references(item)


def test_every_route_is_described_and_every_description_has_a_route():
    served = set()
    for route in create_app().routes:
        if isinstance(route, Route) and route.endpoint is not absent:
            served |= {(method.lower(), route.path) for method in route.methods or ()}
        elif isinstance(route, WebSocketRoute) and "{" not in route.path:
            served.add(("get", route.path))
    # The description itself and a page for people need no entry.
    served = {
        (method, path)
        for method, path in served
        if method != "head" and path != "/openapi.json" and not path.startswith("/playground")
    }
    described = {
        (method, path) for path, methods in document()["paths"].items() for method in methods
    }
    assert described == served


def test_every_reference_leads_somewhere():
    schemas = document()["components"]["schemas"]
    found = set(references(document()))
    assert {reference.rsplit("/", 1)[1] for reference in found} <= schemas.keys()
    assert all(reference.startswith("#/components/schemas/") for reference in found)


def test_messages_are_those_of_the_wire():
    schemas = document()["components"]["schemas"]
    assert "__experimental_controls" in schemas["TtsRequestIdSpecifier"]["properties"]
    assert "continue" in schemas["GenerationRequest"]["properties"]
    assert {"model_id", "transcript", "voice", "output_format"} <= set(
        schemas["TtsRequest"]["required"]
    )


def test_document_is_json():
    assert json.loads(json.dumps(document())) == document()
