"""What Prometheus is told."""

from prometheus_client import Counter, Histogram

REQUESTS = Counter("shenbao_requests", "Requests answered", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "shenbao_request_seconds",
    "Time to answer a request",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
DOCUMENTS_READ = Counter("shenbao_documents_read", "Documents read, by how it ended", ["status"])
PAGES_READ = Counter("shenbao_pages_read", "Pages read")
READING_SECONDS = Histogram(
    "shenbao_reading_seconds", "Time to read a document", buckets=(0.5, 1, 2, 5, 10, 30, 60, 300, 1800)
)
READING_CRASHES = Counter("shenbao_reading_crashes", "Reading processes that died or took too long")
WEBHOOK_MESSAGES = Counter(
    "shenbao_webhook_messages", "Attempts to send to webhooks, by how it ended", ["outcome"]
)
DECISIONS = Counter("shenbao_decisions", "Decisions of people", ["action"])
