"""The documentation's pages, made from the OpenAPI document itself: they load nothing from anywhere."""

import json
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

_STYLE = Markup(
    """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#222;background:#fff}
h2{margin-top:2.5rem;border-bottom:1px solid #ccc}summary{cursor:pointer;padding:.4rem 0}
details{border-bottom:1px solid #eee}code,pre,textarea{font:14px/1.4 ui-monospace,monospace}
pre{background:#f6f6f6;padding:.6rem;overflow:auto}table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;padding:.2rem .6rem .2rem 0;border-bottom:1px solid #eee}
.m{display:inline-block;min-width:4.5rem;font-weight:bold}.get{color:#06c}.post{color:#080}
.patch,.put{color:#a50}.delete{color:#b00}.who{color:#555;float:right}
textarea,input{width:100%;box-sizing:border-box}
"""
)

_SCRIPT = Markup(
    """
const token = document.getElementById('token');
async function send(event) {
  event.preventDefault();
  const form = event.target, out = form.querySelector('pre'), body = form.querySelector('textarea');
  let path = form.dataset.path;
  const query = new URLSearchParams(), headers = {};
  if (token.value) headers.Authorization = 'Bearer ' + token.value;
  if (body) headers['Content-Type'] = 'application/json';
  for (const one of form.querySelectorAll('[data-in]')) {
    if (!one.value) continue;
    if (one.dataset.in === 'path') path = path.replace('{' + one.name + '}', encodeURIComponent(one.value));
    if (one.dataset.in === 'query') query.append(one.name, one.value);
    if (one.dataset.in === 'header') headers[one.name] = one.value;
  }
  const all = query.toString(), url = form.dataset.base + path + (all ? '?' + all : '');
  try {
    const options = {method: form.dataset.method, headers, body: body ? body.value : undefined};
    const answer = await fetch(url, options);
    let text = await answer.text();
    try { text = JSON.stringify(JSON.parse(text), null, 2); } catch (_) { /* no JSON: as it is */ }
    out.textContent = answer.status + ' ' + answer.statusText + '\\n' + text;
  } catch (error) { out.textContent = String(error); }
}
document.querySelectorAll('form').forEach(form => form.addEventListener('submit', send));
"""
)


def install(app: FastAPI) -> None:
    """Add `/docs`, where calls can be tried, to which `/` leads, and `/redoc`, to read."""

    @app.get("/", include_in_schema=False)
    def root(request: Request) -> RedirectResponse:
        return RedirectResponse(f"{request.scope.get('root_path', '')}/docs")

    @app.get("/docs", include_in_schema=False)
    def docs(request: Request) -> HTMLResponse:
        return HTMLResponse(_page(app, request, tries=True))

    @app.get("/redoc", include_in_schema=False)
    def redoc(request: Request) -> HTMLResponse:
        return HTMLResponse(_page(app, request, tries=False))


def _page(app: FastAPI, request: Request, *, tries: bool) -> str:
    document = app.openapi()
    base = request.scope.get("root_path", "")
    by_tag: dict[str, list[Markup]] = {}
    for path, method, operation in _operations(document):
        shown = _operation(document, base, path, method, operation, tries=tries)
        by_tag.setdefault((operation.get("tags") or ["other"])[0], []).append(shown)
    body = Markup("").join(
        Markup("<h2 id={0}>{0}</h2>{1}").format(tag, Markup("").join(shown)) for tag, shown in by_tag.items()
    )
    token = Markup('<p><label>Token <input id="token" type="password" autocomplete="off"></label></p>')
    script = Markup("<script>{}</script>").format(_SCRIPT) if tries else ""
    return Markup(
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        "<title>{title}</title><style>{style}</style><h1>{title} {version}</h1><p>{about}</p>"
        '<p><a href="{base}/openapi.json">openapi.json</a></p>{token}{body}{script}'
    ).format(
        title=document["info"]["title"],
        version=document["info"]["version"],
        about=document["info"].get("description", ""),
        style=_STYLE,
        base=base,
        token=token if tries else "",
        body=body,
        script=script,
    )


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _operation(
    document: dict[str, Any], base: str, path: str, method: str, operation: dict[str, Any], *, tries: bool
) -> Markup:
    parameters = operation.get("parameters", [])
    content = operation.get("requestBody", {}).get("content", {})
    schema = next((one.get("schema") for one in content.values()), None)
    rows = Markup("").join(
        Markup("<tr><td><code>{}</code><td>{}<td>{}").format(
            one["name"], one["in"], one.get("description", "")
        )
        for one in parameters
    )
    parts = [
        Markup("<p>{}</p>").format(operation.get("description", "")),
        Markup("<table>{}</table>").format(rows),
    ]
    if schema is not None:
        resolved = _resolved(document, schema)
        parts.append(Markup("<p>Body</p><pre>{}</pre>").format(json.dumps(resolved, indent=1)[:6000]))
    answers = ", ".join(sorted(operation.get("responses", {})))
    parts.append(Markup("<p>Answers: {}</p>").format(answers))
    if tries:
        parts.append(_form(base, path, method, parameters, has_body=schema is not None))
    return Markup(
        '<details><summary><span class="m {0}">{1}</span> <code>{2}</code> {3}'
        '<span class="who">{4}</span></summary>{5}</details>'
    ).format(
        method,
        method.upper(),
        path,
        operation.get("summary", ""),
        operation.get("x-right", ""),
        Markup("").join(parts),
    )


def _form(base: str, path: str, method: str, parameters: list[Any], *, has_body: bool) -> Markup:
    fields = Markup("").join(
        Markup('<label>{0} <input name="{0}" data-in="{1}"></label>').format(one["name"], one["in"])
        for one in parameters
    )
    body = Markup("<textarea rows=6>{}</textarea>") if has_body else Markup("")
    return Markup(
        '<form data-base="{}" data-path="{}" data-method="{}">{}{}<button>Send</button><pre></pre></form>'
    ).format(base, path, method.upper(), fields, body.format("{}") if has_body else "")


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref", "")
    found: dict[str, Any] = document["components"]["schemas"].get(reference.rpartition("/")[2], schema)
    return found
