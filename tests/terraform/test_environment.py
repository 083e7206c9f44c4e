from __future__ import annotations

from hp_tf.terraform.environment import terraform_environment

HARMFUL = {
    "TF_WORKSPACE": "other",
    "TF_CLI_ARGS": "-no-color",
    "TF_CLI_ARGS_plan": "-refresh=false",
    "TF_VAR_region": "eu-west-1",
    "TF_DATA_DIR": "/elsewhere",
    "TF_REATTACH_PROVIDERS": "{}",
    "TF_CLI_CONFIG_FILE": "/nowhere",
    "TF_HTTP_ADDRESS": "http://elsewhere",
    "KUBE_CONFIG_PATH": "/kube",
    "KUBE_TOKEN": "t",
    "HELM_DRIVER": "configmap",
    "PYTHONPATH": "/code",
}
NEEDED = {
    "PATH": "/bin",
    "HOME": "/home/me",
    "LANG": "C.UTF-8",
    "LC_ALL": "C",
    "https_proxy": "http://proxy",
    "NO_PROXY": "localhost",
    "SSL_CERT_FILE": "/ca.pem",
    "XDG_CACHE_HOME": "/cache",
    "TF_LOG": "DEBUG",
    "TF_LOG_PATH": "/log",
    "TF_PLUGIN_CACHE_DIR": "/plugins",
    "TF_TOKEN_app_terraform_io": "token",
}
AWS = {"AWS_PROFILE": "ml", "AWS_SESSION_TOKEN": "t", "AWS_CONFIG_FILE": "/config"}
ALWAYS = {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1", "GOGC": "400"}


def test_only_what_a_run_needs_passes() -> None:
    assert terraform_environment({**HARMFUL, **NEEDED, **AWS}, {}) == {**NEEDED, **ALWAYS}


def test_the_accounts_variables_pass_when_the_target_allows() -> None:
    names = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_S3_ENDPOINT", "AWS_STS_ENDPOINT")
    stray = dict.fromkeys(names, "http://127.0.0.1:1")
    assert terraform_environment({**AWS, **stray}, {}, aws=True) == {**AWS, **ALWAYS}


def test_what_hptf_sets_always_passes_and_wins() -> None:
    extra = {"TF_HTTP_ADDRESS": "http://127.0.0.1:9", "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "LANG": "C"}
    assert terraform_environment({**HARMFUL, **NEEDED}, extra) == {**NEEDED, **ALWAYS, **extra}


def test_the_users_own_garbage_collection_wins() -> None:
    assert terraform_environment({"GOGC": "50"}, {})["GOGC"] == "50"
