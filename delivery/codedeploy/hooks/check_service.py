"""Waits until the service on this host answers, and checks its answers for two animals that anybody can tell apart.

Usage: check_service.py ENVIRONMENT_FILE SECONDS, with the interpreter and the code of the release that is checked. It
waits for the first answer for so many seconds.
"""

import http.client
import json
import math
import sys
import time

from dotenv import load_dotenv

from abalone.schema import MEASUREMENT_NAMES, RINGS, YEARS_BEYOND_RINGS
from abalone.serving.aws import aws_client
from abalone.serving.settings import Settings

ANSWER_SECONDS = 10
INFANT = dict(zip(MEASUREMENT_NAMES, ("I", 0.2, 0.15, 0.05, 0.04, 0.0165, 0.008, 0.012), strict=True))
ADULT = dict(zip(MEASUREMENT_NAMES, ("F", 0.6, 0.48, 0.17, 1.2, 0.5, 0.25, 0.4), strict=True))


def main() -> None:
    """Check the service, and exit with 1 and a reason when it is not as it should be."""
    environment_file, seconds = sys.argv[1], float(sys.argv[2])
    load_dotenv(environment_file, interpolate=False)
    settings = Settings()
    try:
        await_health(settings, seconds)
        check_predictions(settings)
    except (OSError, http.client.HTTPException, ValueError) as error:
        sys.exit(f"check_service.py: {error}")


def await_health(settings: Settings, seconds: float) -> None:
    """Wait until `/ping` answers 200.

    Raises:
        TimeoutError: It has not when so many seconds have passed.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            status, body = ask(settings, "GET", "/ping")
            reason = f"{status} {body.decode(errors='replace')}"
        except (OSError, http.client.HTTPException) as error:
            status, reason = 0, str(error)
        if status == http.HTTPStatus.OK:
            return
        if time.monotonic() > deadline:
            raise TimeoutError(f"/ping has not answered 200 in {seconds:g} s, but: {reason}")
        time.sleep(0.1)


def check_predictions(settings: Settings) -> None:
    """Predict the two animals in one request.

    Raises:
        ValueError: An answer is none, is not possible, or takes the infant for the older one.
    """
    body = json.dumps([INFANT, ADULT])
    headers = {"Content-Type": "application/json", "X-Api-Key": api_key(settings)}
    status, answer = ask(settings, "POST", "/invocations", body, headers)
    try:
        infant, adult = json.loads(answer)["predictions"]
        plausible = is_plausible(infant) and is_plausible(adult) and infant["rings"] < adult["rings"]
    except (ValueError, KeyError, TypeError):
        plausible = False
    if status != http.HTTPStatus.OK or not plausible:
        raise ValueError(f"/invocations answers {status} {answer.decode(errors='replace')} to {body}")


def is_plausible(prediction: dict[str, float]) -> bool:
    """Tell whether a prediction is an animal's, and lies in its own interval."""
    rings = prediction["rings"]
    in_interval = 0 <= prediction["lower_rings"] <= rings <= prediction["upper_rings"] <= RINGS.maximum
    return in_interval and math.isclose(prediction["age_years"], rings + YEARS_BEYOND_RINGS)


def api_key(settings: Settings) -> str:
    """Return the key that the service asks for, or "" when it asks for none."""
    if settings.api_key_parameter:
        answer = aws_client("ssm").get_parameter(Name=settings.api_key_parameter, WithDecryption=True)
        return str(answer["Parameter"]["Value"]).strip()
    return settings.api_key.get_secret_value().strip() if settings.api_key else ""


def ask(
    settings: Settings, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    """Send a request to this host, past any proxy, and return the status and the body of the answer."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    connection = http.client.HTTPConnection(host, settings.port, timeout=ANSWER_SECONDS)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


if __name__ == "__main__":
    main()
