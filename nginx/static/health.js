"use strict";

// Shows what GET /health says, and writes this site's own address into the examples.

const sentences = {
    healthy: "Healthy.",
    degraded: "Degraded: it works, but something needs attention.",
    unhealthy: "Unhealthy.",
};

function show(status, sentence, checks) {
    const line = document.getElementById("health");
    line.dataset.status = status;
    line.textContent = sentence;

    const list = document.getElementById("checks");
    list.replaceChildren();
    for (const [name, value] of Object.entries(checks)) {
        const term = document.createElement("dt");
        term.textContent = name;
        const description = document.createElement("dd");
        description.textContent = value;
        list.append(term, description);
    }
    list.hidden = list.childElementCount === 0;
}

async function askHealth() {
    try {
        const response = await fetch("/health", { cache: "no-store", headers: { Accept: "application/json" } });
        const body = await response.json();
        if (body.status in sentences) {
            show(body.status, sentences[body.status], body.checks ?? {});
        } else {
            // nginx answered, because the application did not.
            show("unhealthy", body.error?.message ?? "Unhealthy.", {});
        }
    } catch {
        show("unhealthy", "No answer.", {});
    }
}

for (const place of document.querySelectorAll(".origin")) {
    place.textContent = location.origin;
}
askHealth();
