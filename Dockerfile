# The virtual environment is made in one stage and used in the next: same path, same Python.
FROM python:3.13-slim AS build
RUN python -m venv --without-pip /opt/venv
COPY requirements.lock /tmp/
# What goes again is never used here: tests, sound on Windows, and what rich would colour source code with.
RUN python -m pip --python /opt/venv/bin/python install --no-cache-dir --require-hashes --requirement /tmp/requirements.lock \
    && set -- /opt/venv/lib/python3.*/site-packages \
    && rm -rf "$1"/*/tests "$1"/discord/bin "$1"/pygments
COPY bot/ /app/bot/
# The file system is read-only at run time, so bytecode is made here, and not checked against file times.
RUN python -m compileall -q --invalidation-mode unchecked-hash /app/bot

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Cuepoint" \
      org.opencontainers.image.description="A Discord bot that answers from a library of interviews, articles and reports, to the second" \
      org.opencontainers.image.licenses="MIT"
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
RUN groupadd --gid 10001 cuepoint \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /app --shell /usr/sbin/nologin cuepoint \
    && install --directory --owner=10001 --group=10001 /app/data
WORKDIR /app
COPY --from=build /opt/venv/ /opt/venv/
COPY --from=build /app/bot/ bot/
COPY seeds/ seeds/
USER 10001:10001
VOLUME /app/data
STOPSIGNAL SIGTERM
# A corpus of 10,000 pages takes some minutes to load for the first time; the first beat ends the start at once.
HEALTHCHECK --interval=30s --timeout=10s --start-period=300s --retries=3 CMD ["python", "-m", "bot", "health"]
CMD ["python", "-m", "bot"]
