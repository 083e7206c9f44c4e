from __future__ import annotations

import socket
import stat
import threading
import time
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from tf.gen import grpc_controller_pb2, grpc_controller_pb2_grpc, grpc_stdio_pb2_grpc, tfplugin_pb2, tfplugin_pb2_grpc

from hp_tf.standin.server import serve
from tests.standin.conftest import REGION


def start(directory: Path) -> dict[str, Any]:
    return serve(directory, "http://127.0.0.1:9", REGION, access_key="test").reattach


def socket_of(mapping: dict[str, Any], name: str) -> Path:
    return Path(mapping[f"registry.terraform.io/hashicorp/{name}"]["Addr"]["String"])


def test_the_mapping_is_what_terraform_reattaches_to(tmp_path: Path) -> None:
    mapping = start(tmp_path / "s")
    assert set(mapping) == {"registry.terraform.io/hashicorp/awscc", "registry.terraform.io/hashicorp/helm"}
    for name in ("awscc", "helm"):
        path = socket_of(mapping, name)
        assert path == tmp_path / "s" / f"{name}.sock"
        assert path.is_socket()
    assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o700


def test_a_path_too_long_for_a_socket_is_replaced(tmp_path: Path) -> None:
    path = socket_of(start(tmp_path / ("x" * 120)), "awscc")
    assert len(str(path)) <= 107
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["s", "x" * 120])
def test_closing_leaves_nothing(tmp_path: Path, name: str) -> None:
    served = serve(tmp_path / name, "http://127.0.0.1:9", REGION, access_key="test")
    path = socket_of(served.reattach, "awscc")
    with grpc.insecure_channel(f"unix:{path}") as channel:
        tfplugin_pb2_grpc.ProviderStub(channel).GetMetadata(tfplugin_pb2.GetMetadata.Request(), timeout=10)
        served.close()
        assert not path.parent.exists()


def test_a_socket_left_by_a_dead_process_is_replaced(tmp_path: Path) -> None:
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(tmp_path / "awscc.sock"))
    stale.close()
    path = socket_of(start(tmp_path), "awscc")
    with grpc.insecure_channel(f"unix:{path}") as channel:
        answer = tfplugin_pb2_grpc.ProviderStub(channel).GetMetadata(tfplugin_pb2.GetMetadata.Request(), timeout=10)
    assert "awscc_sagemaker_cluster" in [resource.type_name for resource in answer.resources]


def test_go_plugins_services_answer_at_once_and_end_nothing(tmp_path: Path) -> None:
    path = socket_of(start(tmp_path), "helm")
    with grpc.insecure_channel(f"unix:{path}") as channel:
        stream = grpc_stdio_pb2_grpc.GRPCStdioStub(channel).StreamStdio(empty_pb2.Empty(), timeout=10)
        assert list(stream) == []
        controller = grpc_controller_pb2_grpc.GRPCControllerStub(channel)
        controller.Shutdown(grpc_controller_pb2.Empty(), timeout=10)
        provider = tfplugin_pb2_grpc.ProviderStub(channel)
        assert provider.GetMetadata(tfplugin_pb2.GetMetadata.Request(), timeout=10).resources


def test_a_closed_connection_leaves_nothing(tmp_path: Path) -> None:
    path = socket_of(start(tmp_path), "helm")
    before = threading.active_count()
    for _ in range(5):
        with grpc.insecure_channel(f"unix:{path}") as channel:
            tfplugin_pb2_grpc.ProviderStub(channel).GetMetadata(tfplugin_pb2.GetMetadata.Request(), timeout=10)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and (threading.active_count() > before or len(list(tmp_path.iterdir())) > 2):
        time.sleep(0.05)
    assert threading.active_count() <= before
    assert sorted(item.name for item in tmp_path.iterdir()) == ["awscc.sock", "helm.sock"]
