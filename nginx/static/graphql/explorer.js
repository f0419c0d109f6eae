// Sends operations to /graphql and shows the schema by its introspection. Keeps nothing: the token is gone with the page.

const field = (name) => document.getElementById(name);
const parameters = new URLSearchParams(location.search);
field("query").value = parameters.get("query") ?? "{\n  me {\n    id\n    email\n    name\n  }\n}";
field("variables").value = parameters.get("variables") ?? "";

/** The element of that name, with children; a child is an element or a text. */
function make(name, attributes, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
        element.setAttribute(key, value);
    }
    element.append(...children.filter((child) => child !== null && child !== ""));
    return element;
}

/** Asks, and gives what was answered with the status. */
async function ask(query, variables) {
    const headers = {
        "Accept": "application/graphql-response+json, application/json;q=0.9",
        "Content-Type": "application/json",
        // A request by cookie needs it; no page of another site can send it.
        "X-Requested-With": "fetch",
    };
    const token = field("token").value.trim();
    if (token) {
        headers.Authorization = `Bearer ${token}`;
    }
    const body = JSON.stringify({ query, variables });
    const response = await fetch("/graphql", { method: "POST", headers, body, cache: "no-store" });
    return { status: response.status, id: response.headers.get("Request-Id"), content: await response.json() };
}

// -- Operations ------------------------------------------------------------------------------------------------------

function show(text, hasFailed) {
    field("answer").textContent = text;
    field("answer").classList.toggle("failed", hasFailed);
}

async function run() {
    let variables;
    try {
        variables = JSON.parse(field("variables").value.trim() || "{}");
    } catch (error) {
        show(`The variables are no JSON: ${error.message}`, true);
        return;
    }
    field("state").textContent = "Running ...";
    try {
        const { status, id, content } = await ask(field("query").value, variables);
        field("state").textContent = `${status}, request ${id}`;
        show(JSON.stringify(content, null, 2), "errors" in content || "error" in content);
    } catch (error) {
        field("state").textContent = "";
        show(`No answer could be had: ${error.message}`, true);
    }
}

field("editor").addEventListener("submit", (event) => {
    event.preventDefault();
    run();
});
field("editor").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        run();
    }
});

// -- The schema ------------------------------------------------------------------------------------------------------

const introspection = `query {
  __schema {
    queryType { name } mutationType { name }
    types {
      kind name description
      fields(includeDeprecated: true) { name description args { ...input } type { ...type } }
      inputFields { ...input } enumValues(includeDeprecated: true) { name description } possibleTypes { name }
    }
  }
}
fragment input on __InputValue { name description defaultValue type { ...type } }
fragment type on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`;

/** A type as documents write it, leading to where it is described. */
function reference(type) {
    if (type.kind === "NON_NULL") {
        return [...reference(type.ofType), "!"];
    }
    if (type.kind === "LIST") {
        return ["[", ...reference(type.ofType), "]"];
    }
    return [make("a", { href: `#type-${type.name}` }, type.name)];
}

function argument(input) {
    return [`${input.name}: `, ...reference(input.type), input.defaultValue ? ` = ${input.defaultValue}` : ""];
}

function entry(name, about) {
    return [make("dt", {}, make("code", {}, ...name)), make("dd", {}, about ?? "")];
}

function fieldEntry({ name, description, args, type }) {
    const taken = args.flatMap((each, index) => [index ? ", " : "", ...argument(each)]);
    return entry([name, ...(taken.length ? ["(", ...taken, ")"] : []), ": ", ...reference(type)], description);
}

function section(type) {
    const entries = [
        ...(type.fields ?? []).flatMap(fieldEntry),
        ...(type.inputFields ?? []).flatMap((each) => entry(argument(each), each.description)),
        ...(type.enumValues ?? []).flatMap((each) => entry([each.name], each.description)),
    ];
    const possible = type.kind === "OBJECT" ? [] : type.possibleTypes ?? [];
    return make(
        "section",
        { id: `type-${type.name}` },
        make("h3", {}, type.name),
        make("p", { class: "quiet" }, type.description ?? ""),
        possible.length ? make("p", {}, `One of ${possible.map((each) => each.name).join(", ")}.`) : null,
        entries.length ? make("dl", {}, ...entries) : null,
    );
}

async function describe() {
    const place = field("schema");
    try {
        const { content } = await ask(introspection, {});
        const { types, queryType, mutationType } = content.data.__schema;
        const roots = [queryType, mutationType].filter(Boolean).map((root) => root.name);
        const own = types.filter((type) => !type.name.startsWith("__"));
        const first = own.filter((type) => roots.includes(type.name));
        place.replaceChildren(...[...first, ...own.filter((type) => !roots.includes(type.name))].map(section));
    } catch (error) {
        place.textContent = `The schema could not be read: ${error.message}`;
    }
    place.setAttribute("aria-busy", "false");
}

describe();
