// Shows /openapi.json: every operation by its group, with parameters, bodies, answers, and a line for curl.

const methods = ["get", "post", "put", "patch", "delete"];
let description;

/** The element of that name, with attributes and children; a child is an element or a text. */
function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
        element.setAttribute(key, value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return element;
}

/** What a reference leads to; what stands beside it counts more. */
function resolve(node) {
    if (!node?.$ref) {
        return node;
    }
    const { $ref: reference, ...beside } = node;
    const target = reference.slice(2).split("/").reduce((part, name) => part?.[name], description);
    return { ...resolve(target), ...beside };
}

function nameOf(schema) {
    return schema?.$ref?.split("/").pop();
}

/** A text in which backquotes stand around code. */
function prose(text) {
    return text.split("`").map((part, index) => (index % 2 ? make("code", {}, part) : part));
}

// -- Schemas ---------------------------------------------------------------------------------------------------------

/** The kind of a value in a few words. */
function kind(schema) {
    const { type, format, enum: choices, items, anyOf, minLength, maxLength, minimum, maximum, minItems, maxItems } =
        resolve(schema);
    if (anyOf) {
        return anyOf.map(kind).join(" or ");
    }
    if (choices) {
        return choices.map((choice) => JSON.stringify(choice)).join(" or ");
    }
    if (items) {
        return [range(minItems, maxItems), `array of ${nameOf(items) ?? kind(items)}`].filter(Boolean).join(" ");
    }
    const types = [type].flat();
    const words = types.map((word) => (word === "string" && format ? format : word)).join(" or ");
    const large = Number.MAX_SAFE_INTEGER;
    const bounds = types.includes("integer")
        ? range(minimum, maximum < large ? maximum : undefined)
        : range(minLength, maxLength, " characters");
    return [nameOf(schema) ?? words, bounds].filter(Boolean).join(", ");
}

function range(least, most, unit = "") {
    if (most !== undefined) {
        return least === most ? `${most}${unit}` : `${least ?? 0} to ${most}${unit}`;
    }
    return least ? `at least ${least}${unit}` : "";
}

/** The members of an object, and of the objects in it. */
function members(schema) {
    const { properties, required = [], items, anyOf } = resolve(schema);
    if (anyOf) {
        const objects = anyOf.filter((each) => resolve(each).type === "object");
        return objects.flatMap((each, index) => [
            make("p", { class: "quiet" }, `${index ? "or " : ""}${nameOf(each) ?? "an object"}:`),
            ...members(each),
        ]);
    }
    if (items) {
        return members(items);
    }
    if (!properties) {
        return [];
    }
    const list = make("dl", { class: "members" });
    for (const [name, member] of Object.entries(properties)) {
        list.append(...entry(name, member, required.includes(name), resolve(member).description));
    }
    return [list];
}

function entry(name, schema, isRequired, about) {
    const term = make("dt", {}, make("code", {}, name), make("span", { class: "kind" }, kind(schema)));
    if (isRequired) {
        term.append(make("span", { class: "kind" }, "required"));
    }
    return [term, make("dd", {}, ...prose(about ?? ""), ...members(schema))];
}

// -- Examples --------------------------------------------------------------------------------------------------------

/** A block of code that can be copied. */
function example(text, label) {
    const button = make("button", { type: "button", "aria-label": `Copy ${label}` }, "Copy");
    button.addEventListener("click", async () => {
        try {
            await navigator.clipboard.writeText(text);
            button.textContent = "Copied";
        } catch {
            button.textContent = "Not allowed";
        }
        setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    return make("div", { class: "example" }, make("pre", { tabindex: "0" }, make("code", {}, text)), button);
}

/** A text as one word of the shell. */
function quoted(text) {
    return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A line for curl that would do what the operation is there for. */
function curl(method, path, operation, parameters, body) {
    let address = location.origin + path;
    for (const parameter of parameters.filter((each) => each.in === "path")) {
        address = address.replace(`{${parameter.name}}`, parameter.example);
    }
    const parts = [`curl ${method === "get" ? "" : `-X ${method.toUpperCase()} `}${address}`];
    // An empty requirement stands for nobody.
    if (operation.security.length && operation.security.every((scheme) => Object.keys(scheme).length)) {
        parts.push("-H \"Authorization: Bearer $TOKEN\"");
    }
    for (const parameter of parameters.filter((each) => each.in === "header" && each.required)) {
        parts.push(`-H ${quoted(`${parameter.name}: ${parameter.example}`)}`);
    }
    if (body) {
        const [[mediaType, media]] = Object.entries(body.content);
        parts.push(`-H ${quoted(`Content-Type: ${mediaType}`)}`, `-d ${quoted(JSON.stringify(media.example))}`);
    }
    return parts.join(" \\\n  ");
}

// -- Operations ------------------------------------------------------------------------------------------------------

function parameterLists(parameters) {
    const places = { path: "In the path", query: "In the query", header: "Header fields" };
    return Object.entries(places).flatMap(([place, title]) => {
        const here = parameters.filter((parameter) => parameter.in === place);
        if (!here.length) {
            return [];
        }
        const list = make("dl", { class: "members" });
        for (const { name, schema, required, description: about } of here) {
            list.append(...entry(name, schema, required, about));
        }
        return [make("h4", {}, title), list];
    });
}

function bodyPart(body) {
    if (!body) {
        return [];
    }
    const [[, media]] = Object.entries(body.content);
    const types = Object.keys(body.content).join(" or ");
    return [make("h4", {}, "Body"), make("p", { class: "quiet" }, types), ...members(media.schema)];
}

function answerPart(status, reference) {
    const answer = resolve(reference);
    const code = make("code", {}, status);
    const media = answer.content?.["application/json"];
    const fields = make("dl", { class: "members" });
    for (const [name, field] of Object.entries(answer.headers ?? {})) {
        const { schema, required, description: about } = resolve(field);
        fields.append(...entry(name, schema, required, about));
    }
    const inside = make("div", {}, make("p", { class: "quiet" }, "Header fields:"), fields);
    if (media) {
        inside.append(make("p", { class: "quiet" }, Object.keys(answer.content).join(" or ")), ...members(media.schema));
        if (media.example) {
            inside.append(example(JSON.stringify(media.example, null, 2), `the example of ${status}`));
        }
    }
    return make("details", { class: "answer" }, make("summary", {}, code, " ", ...prose(answer.description)), inside);
}

function operationPart(method, path, operation) {
    const parameters = (operation.parameters ?? []).map(resolve);
    const body = resolve(operation.requestBody);
    const answers = Object.entries(operation.responses);
    const success = answers.filter(([status]) => status < 400);
    const errors = answers.filter(([status]) => status >= 400);
    const part = make(
        "details",
        { class: "operation", id: operation.operationId },
        make(
            "summary",
            {},
            make("span", { class: "method", "data-method": method.toUpperCase() }, method.toUpperCase()),
            make("code", { class: "path" }, path),
            make("span", { class: "summary" }, operation.summary),
        ),
    );
    // Filled when it is opened first: most are never looked at.
    part.addEventListener("toggle", () => {
        if (!part.open || part.childElementCount > 1) {
            return;
        }
        part.append(make(
            "div",
            {},
            make("p", {}, ...prose(operation.description ?? "")),
            example(curl(method, path, operation, parameters, body), "the line for curl"),
            ...parameterLists(parameters),
            ...bodyPart(body),
            make("h4", {}, "Answers"),
            ...success.map(([status, answer]) => answerPart(status, answer)),
            make("h4", {}, "Errors"),
            ...errors.map(([status, answer]) => answerPart(status, answer)),
        ));
    });
    return part;
}

// -- The page --------------------------------------------------------------------------------------------------------

function operationsOf(tag) {
    return Object.entries(description.paths).flatMap(([path, item]) => methods
        .filter((method) => item[method]?.tags.includes(tag))
        .map((method) => [method, path, item[method]]));
}

function show() {
    const contents = document.getElementById("contents");
    const main = document.getElementById("operations");
    const about = document.getElementById("about");
    about.append(` Version ${description.info.version}.`);
    about.after(make("p", {}, ...prose(description.info.description)));
    main.replaceChildren();
    for (const tag of description.tags) {
        const operations = operationsOf(tag.name);
        const list = make("ul");
        for (const [method, path, operation] of operations) {
            list.append(make("li", {}, make(
                "a",
                { href: `#${operation.operationId}` },
                make("span", { class: "method", "data-method": method.toUpperCase() }, method.toUpperCase()),
                make("code", { class: "path" }, path),
                make("span", { class: "summary" }, operation.summary),
            )));
        }
        contents.append(make("h2", {}, tag.name), list);
        main.append(make("h2", {}, tag.name), make("p", {}, tag.description));
        main.append(...operations.map((operation) => operationPart(...operation)));
    }
    contents.hidden = false;
    main.setAttribute("aria-busy", "false");
    openNamed();
}

/** Opens the operation that the address names. */
function openNamed() {
    const part = document.getElementById(location.hash.slice(1));
    if (part instanceof HTMLDetailsElement) {
        part.open = true;
        part.scrollIntoView();
        part.querySelector("summary").focus({ preventScroll: true });
    }
}

async function load() {
    try {
        const response = await fetch("/openapi.json", { headers: { Accept: "application/json" } });
        if (!response.ok) {
            throw new Error(`The description could not be read: ${response.status}.`);
        }
        description = await response.json();
    } catch (error) {
        document.getElementById("state").textContent = error.message;
        return;
    }
    show();
}

window.addEventListener("hashchange", openNamed);
load();
