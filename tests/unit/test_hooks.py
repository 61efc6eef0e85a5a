import pytest

from abalone.errors import AbaloneError
from abalone.sagemaker.project import open_project


@pytest.mark.parametrize("environment", ["base", "dev", "prd"])
@pytest.mark.parametrize(("chosen", "asked"), [("pandas", "glue"), ("glue", "pandas")])
def test_engine_of_the_parameters_alone_is_refused_with_the_remedy(
    environment: str, chosen: str, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ABALONE_BUCKET", "no-bucket")
    monkeypatch.setenv("ABALONE_INGESTION_ENGINE", chosen)

    with (
        pytest.raises(
            AbaloneError, match=rf"ingestion\.engine = {asked} does not .*{chosen}: .*ABALONE_INGESTION_ENGINE"
        ),
        open_project(environment, {"ingestion": {"engine": asked}}),
    ):
        pytest.fail("the project was opened")
