"""What a Grafana workspace itself answers: data sources, folders and dashboards, for who has a token of it.

Source of paths and answers: Grafana's HTTP API. Nothing is drawn.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from hp_tf.emulator.services.grafana import GrafanaStore, Workspace
from hp_tf.emulator.web import Request, Response, json_response
from hp_tf.emulator.world import World

PREFIX = "/grafana/"
_PATH = re.compile(rf"{PREFIX}(g-[0-9a-f]{{10}})/api(/.*)")


def _said(status: int, message: str) -> Response:
    return json_response({"message": message}, status)


class GrafanaApi:
    """The API of every workspace, under `/grafana/<id>`."""

    def __init__(self, world: World, store: GrafanaStore) -> None:
        self._world = world
        self._store = store

    def answer(self, request: Request) -> Response:
        """Answer one request."""
        match = _PATH.fullmatch(request.path)
        workspace = self._store.workspaces.get(match[1]) if match else None
        if match is None or workspace is None:
            return _said(404, "Not found")
        if not self._may(workspace, request.headers.get("authorization", "")):
            return _said(401, "Invalid API key")
        try:
            body = json.loads(request.body or b"{}")
        except ValueError:
            return _said(400, "bad request data")
        routes: list[tuple[str, str, Callable[..., Response]]] = [
            ("POST", "/datasources", self._add_source),
            ("(?:GET|PUT)", "/datasources/uid/([^/]+)", self._source),
            ("POST", "/folders", self._add_folder),
            ("(?:GET|PUT)", "/folders/([^/]+)", self._folder),
            ("POST", "/dashboards/db", self._put_dashboard),
            ("GET", "/dashboards/uid/([^/]+)", self._dashboard),
        ]
        for method, path, handler in routes:
            found = re.fullmatch(path, match[2])
            if found and re.fullmatch(method, request.method):
                return handler(workspace, body if request.method != "GET" else None, *found.groups())
        return _said(404, "Not found")

    def _may(self, workspace: Workspace, authorization: str) -> bool:
        key = authorization.removeprefix("Bearer ")
        return any(
            token["key"] == key and token["expires"] > self._world.clock() for token in workspace.tokens.values()
        )

    @staticmethod
    def _add_source(workspace: Workspace, body: Any) -> Response:
        if not body.get("name") or not body.get("type"):
            return _said(400, "bad request data")
        if any(
            body["name"] == known["name"] or body.get("uid") == known["uid"] for known in workspace.sources.values()
        ):
            return _said(409, "data source with the same name already exists")
        workspace.sources[body["uid"]] = body
        return json_response({"message": "Datasource added", "datasource": body})

    @staticmethod
    def _source(workspace: Workspace, body: Any, uid: str) -> Response:
        if uid not in workspace.sources:
            return _said(404, "Data source not found")
        if body is not None:
            workspace.sources[uid] = body
        return json_response(workspace.sources[uid])

    @staticmethod
    def _add_folder(workspace: Workspace, body: Any) -> Response:
        if body.get("uid") in workspace.folders:
            return _said(412, "a folder with the same uid already exists")
        workspace.folders[body["uid"]] = body["title"]
        return json_response(body)

    @staticmethod
    def _folder(workspace: Workspace, body: Any, uid: str) -> Response:
        if uid not in workspace.folders:
            return _said(404, "folder not found")
        if body is not None:
            if not body.get("overwrite"):
                return _said(412, "the folder has been changed by someone else")
            workspace.folders[uid] = body["title"]
        return json_response({"uid": uid, "title": workspace.folders[uid]})

    @staticmethod
    def _put_dashboard(workspace: Workspace, body: Any) -> Response:
        dashboard = body.get("dashboard") or {}
        uid, folder = str(dashboard.get("uid")), body.get("folderUid")
        if not dashboard.get("title"):
            return _said(400, "Dashboard title cannot be empty")
        if folder is not None and folder not in workspace.folders:
            return _said(400, "folder not found")
        if uid in workspace.dashboards and not body.get("overwrite"):
            return _said(412, "The dashboard has been changed by someone else")
        workspace.dashboards[uid] = {"dashboard": dashboard, "meta": {"folderUid": folder}}
        return json_response({"uid": uid, "status": "success"})

    @staticmethod
    def _dashboard(workspace: Workspace, body: Any, uid: str) -> Response:
        found = workspace.dashboards.get(uid)
        return json_response(found) if found is not None else _said(404, "Dashboard not found")
