# check=skip=FromPlatformFlagConstDisallowed
# The images of the project, one target each. `job` runs a job of the SageMaker pipeline, Processing or Training:
#   docker build --target job --build-arg GIT_COMMIT="$(git rev-parse HEAD)" .
# `serve` answers predictions, of the model that is mounted at /opt/ml/model:
#   docker run --publish 8080:8080 --volume "$PWD/model:/opt/ml/model:ro" IMAGE serve
# delivery/push_image.sh builds and pushes them. SageMaker runs linux/amd64 alone, whatever machine builds.

# The digest of the base image, as sha256:...; without one, the tag decides.
ARG PYTHON_DIGEST=""

# hadolint ignore=DL3029
FROM --platform=linux/amd64 python:3.11.14-slim-bookworm${PYTHON_DIGEST:+@${PYTHON_DIGEST}} AS base
ENV DO_NOT_TRACK=1 \
    KEDRO_DISABLE_TELEMETRY=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PYTHONUNBUFFERED=1 \
    PATH=/opt/venv/bin:$PATH
WORKDIR /home/kedro

FROM base AS job-environment
RUN ["python", "-m", "venv", "/opt/venv"]
COPY requirements/run.txt requirements/aws.txt requirements/sagemaker.txt requirements/
RUN ["python", "-m", "pip", "install", "--require-hashes", "--no-cache-dir", \
     "-r", "requirements/run.txt", "-r", "requirements/aws.txt", "-r", "requirements/sagemaker.txt"]
COPY pyproject.toml README.md LICENSE ./
COPY src src
# Editable, so that the code is in the image once: where Kedro looks for it.
RUN ["python", "-m", "pip", "install", "--no-cache-dir", "--no-deps", "--no-build-isolation", "--editable", "."]

# No USER: SageMaker mounts /opt/ml as root's, and a job that may not write there cannot even say why it failed.
FROM base AS job
COPY --from=job-environment /opt/venv /opt/venv
COPY pyproject.toml ./
COPY conf conf
COPY src src
# Last, because it changes with every commit; a model's provenance has it from here, as there is no checkout to ask.
ARG GIT_COMMIT=""
ENV ABALONE_GIT_COMMIT=$GIT_COMMIT
LABEL org.opencontainers.image.title="abalone job" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.revision=$GIT_COMMIT
# The compiled pipeline starts it by this name, too, and passes the group to run, for Processing as for Training.
ENTRYPOINT ["python", "-m", "abalone.sagemaker.job"]

FROM base AS serve-environment
# Without pip: nothing is installed later.
RUN ["python", "-m", "venv", "--without-pip", "/opt/venv"]
COPY requirements/serving.txt requirements/
RUN ["pip", "--python=/opt/venv", "install", "--require-hashes", "--no-cache-dir", "-r", "requirements/serving.txt"]
COPY src/abalone/__init__.py src/abalone/errors.py src/abalone/schema.py /opt/abalone/abalone/
COPY src/abalone/model/__init__.py src/abalone/model/artifact.py /opt/abalone/abalone/model/
COPY src/abalone/serving /opt/abalone/abalone/serving
# Its user may not write here when it starts.
RUN ["python", "-m", "compileall", "-q", "/opt/abalone"]

FROM base AS serve
COPY --from=serve-environment /opt/venv /opt/venv
COPY --from=serve-environment /opt/abalone /opt/abalone
WORKDIR /
ENV ABALONE_SERVING_HOST=0.0.0.0 \
    PYTHONPATH=/opt/abalone \
    PYTHONSAFEPATH=1
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", "import http.client, os, sys; \
port = os.environ.get('ABALONE_SERVING_PORT') or os.environ.get('SAGEMAKER_BIND_TO_PORT') or 8080; \
ping = http.client.HTTPConnection('127.0.0.1', int(port), timeout=4); \
ping.request('GET', '/ping'); \
sys.exit(ping.getresponse().status != 200)"]
ARG GIT_COMMIT=""
LABEL com.amazonaws.sagemaker.capabilities.accept-bind-to-port=true \
      org.opencontainers.image.title="abalone prediction service" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.revision=$GIT_COMMIT
# A number, so that an orchestrator can tell that it is not root.
USER 10001:10001
ENTRYPOINT ["python", "-m", "abalone.serving"]
CMD ["serve"]
