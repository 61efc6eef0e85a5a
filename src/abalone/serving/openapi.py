"""The OpenAPI document: FastAPI's, and the lean route beside it, derived from the messages that it reads and writes."""

from typing import Any

import msgspec

from abalone.serving.formats import Format
from abalone.serving.messages import FaultAnswer, Instances, Measurement, Prediction, Rejection

_REFERENCE = "#/components/schemas/{name}"

_REFUSALS = {
    400: "The request is malformed",
    401: "The API key is missing or wrong",
    406: "None of the formats is accepted",
    408: "The body came too slowly",
    413: "The body is too large",
    415: "The Content-Type, or the Content-Encoding, is not read",
    422: "Rows, or the body, are invalid: the problems name row and column",
    429: "Too many requests: Retry-After says when to go on",
    500: "A fault of the service",
    503: "No model is in service, or too much is waiting",
}

EXAMPLE = {
    "sex": "M",
    "length": 0.455,
    "diameter": 0.365,
    "height": 0.095,
    "whole_weight": 0.514,
    "shucked_weight": 0.2245,
    "viscera_weight": 0.101,
    "shell_weight": 0.15,
}


def with_invocations(document: dict[str, Any]) -> dict[str, Any]:
    """Add POST /invocations to an OpenAPI document.

    Args:
        document: OpenAPI 3.1; it is changed.

    Returns:
        The same document.
    """
    types = (list[Measurement], Instances, Measurement, Prediction, Rejection, FaultAnswer)  # type: ignore[valid-type]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REFERENCE)
    records, instances, record, prediction, rejection, fault = schemas
    outcome = {"anyOf": [prediction, rejection]}
    answer = {
        "type": "object",
        "properties": {
            "inference_id": {"type": "string", "description": "What feedback on these predictions refers to"},
            "model_version": {"type": "string"},
            "predictions": {"type": "array", "items": outcome, "description": "In the order of the rows"},
        },
        "required": ["inference_id", "model_version", "predictions"],
    }
    document.setdefault("components", {}).setdefault("schemas", {}).update(components)
    csv_row = ",".join(str(value) for value in EXAMPLE.values())
    document["paths"]["/invocations"] = {
        "post": {
            "summary": "Predict",
            "operationId": "invocations",
            "description": "Predict the rings and the age of each animal. Lengths are in mm / 200, weights in g / 200. "
            "Accept decides the format of the answer; without it, it is that of the request.",
            "parameters": [
                {
                    "name": "invalid_rows",
                    "in": "query",
                    "description": "Refuse a request with impossible rows, or report those in their place. Through "
                    "SageMaker: X-Amzn-SageMaker-Custom-Attributes: invalid_rows=report",
                    "schema": {"enum": ["refuse", "report"], "default": "refuse"},
                },
            ],
            "requestBody": {
                "required": True,
                "content": {
                    Format.JSON.value: {
                        "schema": {"anyOf": [_not_empty(records), instances]},
                        "examples": {
                            "records": {"value": [EXAMPLE]},
                            "instances": {"value": {"instances": [EXAMPLE]}},
                        },
                    },
                    Format.JSON_LINES.value: {"schema": record, "example": EXAMPLE},
                    Format.CSV.value: {"schema": {"type": "string"}, "example": csv_row},
                },
            },
            "responses": {
                "200": {
                    "description": "One prediction a row",
                    "headers": {
                        "X-Request-Id": {"description": "The inference id", "schema": {"type": "string"}},
                        "X-Model-Version": {"description": "Version of the model", "schema": {"type": "string"}},
                    },
                    "content": {
                        Format.JSON.value: {"schema": answer},
                        Format.JSON_LINES.value: {"schema": outcome},
                        Format.CSV.value: {"schema": {"type": "string"}},
                    },
                },
                **refusals(fault, *_REFUSALS),
            },
        }
    }
    return document


def refusals(schema: dict[str, Any], *statuses: int) -> dict[str, Any]:
    """Describe the answers that refuse a request.

    Args:
        schema: Of their body.
        statuses: Their status codes.
    """
    return {
        str(status): {"description": _REFUSALS[status], "content": {Format.JSON.value: {"schema": schema}}}
        for status in statuses
    }


def _not_empty(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "minItems": 1}
