# One image for every process of doantracker: web, worker, beat and the one-shot migrate (see docker-compose.yml).
FROM python:3.13-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PRODUCTION=1 VAR_DIR=/app/var
WORKDIR /app

# Nobody's account: what breaks into the web process owns neither the code nor another container's files.
RUN useradd --uid 10001 --no-create-home --home-dir /app --shell /usr/sbin/nologin doantracker

# The lock first: the layer with the packages is built again only when the lock changes.
COPY requirements.lock ./
RUN pip install --no-cache-dir --disable-pip-version-check --root-user-action=ignore \
    --require-hashes --no-deps --only-binary :all: -r requirements.lock

COPY . ./
# A named volume takes its owner from these folders when it is made.
RUN python -m compileall -q . && mkdir -p var staticfiles && chown doantracker: var staticfiles

USER doantracker
EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", \
     "--timeout", "60", "--graceful-timeout", "20", "--max-requests", "5000", "--max-requests-jitter", "500", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "doantracker.wsgi"]
