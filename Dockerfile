# Etalon in a container: docker build -t etalon . ; docker run --rm -v "$PWD:/work" -e R7_TOKEN etalon run office
FROM python:3.12-slim AS build
WORKDIR /src
COPY . .
RUN python -m venv /opt/etalon \
 && /opt/etalon/bin/pip install --no-cache-dir --constraint requirements.lock .

FROM python:3.12-slim
COPY --from=build /opt/etalon /opt/etalon
ENV PATH="/opt/etalon/bin:$PATH" \
    PYTHONUNBUFFERED=1
# Reports belong to whoever runs the container: docker run --user "$(id -u):$(id -g)".
RUN useradd --uid 1000 --create-home etalon
USER 1000
WORKDIR /work
ENTRYPOINT ["etalon"]
CMD ["run"]
