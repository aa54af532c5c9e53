# One image for the web server, the workers and every command; docker-compose.yml says what each service runs.
# Debian 12 brings the pg_dump of PostgreSQL 15, the version of the compose file's database. Keep the two alike: pg_dump
# refuses a newer server, and what a newer one wrote cannot be restored into an older server.

FROM python:3.12-slim-bookworm AS build
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH SSOPLANNER_VAR=/build SSOPLANNER_STATIC=/app/collected

# Packages by hash from the lock file into .venv, fonts and icons from their npm package: a layer of its own, because
# the locks change seldom.
COPY bootstrap.py package.json package-lock.json .npmrc ./
COPY requirements requirements
RUN python bootstrap.py run --version || { cat /build/log/bootstrap.log; exit 1; }

COPY . .
# The values stand in for what only a running installation has; collectstatic contacts nothing.
RUN SSOPLANNER_MODE=production SECRET_KEY=only-to-collect-static-files-while-the-image-is-built \
    ALLOWED_HOSTS=localhost BASE_URL=https://localhost SECURITY_CONTACT=mailto:nobody@localhost \
    DATABASE_URL=postgresql://localhost/none REDIS_URL=redis://localhost/0 \
    python manage.py collectstatic --noinput
RUN rm -rf node_modules && python -m compileall -q -x '\.venv' .

FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-15 \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home --home-dir /app ssoplanner \
    && install -d -o ssoplanner -g ssoplanner -m 0700 /var/lib/ssoplanner
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 OPENBLAS_NUM_THREADS=1 \
    SSOPLANNER_MODE=production SSOPLANNER_VAR=/var/lib/ssoplanner SSOPLANNER_STATIC=/app/collected
USER ssoplanner
EXPOSE 8000
# Not urllib, which would ask a proxy that the environment names. The host name must be one that Django answers to.
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["python", "-c", "import http.client as h, os, sys, urllib.parse as u; c = h.HTTPConnection('127.0.0.1', 8000, timeout=5); c.request('GET', '/healthz', headers={'Host': u.urlsplit(os.environ['BASE_URL']).netloc}); sys.exit(c.getresponse().status != 200)"]
CMD ["gunicorn", "ssoplanner.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
