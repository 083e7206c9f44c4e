"""The environment variables Terraform gets: an allow-list, because many of the user's would change what it does."""

from __future__ import annotations

from collections.abc import Mapping

_NAMES = frozenset(
    {
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "TMPDIR",
        "TZ",
        "LANG",
        "LANGUAGE",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "SSH_AUTH_SOCK",
        "TF_PLUGIN_CACHE_DIR",
        "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE",
        "GOMAXPROCS",
        "GOMEMLIMIT",
        "GODEBUG",
        "GOGC",
    }
)
_PREFIXES = ("LC_", "XDG_", "TF_LOG", "TF_REGISTRY_", "TF_TOKEN_")
_PROXIES = frozenset({"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"})

# Deprecated names under which the aws provider still takes an endpoint, as if its configuration named it
# (`deprecated_env_var` in names/data/names_data.hcl of terraform-provider-aws 5).
_ENDPOINTS = frozenset(f"AWS_{service}_ENDPOINT" for service in ("DYNAMODB", "IAM", "S3", "STS"))

# No question, no telemetry, no advice about the next command.
_ALWAYS = {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"}

# Go collects garbage whenever the heap has doubled. Terraform and the aws provider spend their first seconds decoding
# schemas that stay: collecting less often saves a tenth of a plan, for 30 MB more at the highest (measured, 1.11.4).
_UNLESS_SET = {"GOGC": "400"}


def terraform_environment(base: Mapping[str, str], extra: Mapping[str, str], *, aws: bool = False) -> dict[str, str]:
    """The environment of one Terraform run.

    Args:
        base: the user's environment. Only what a run needs passes: where things are, language, proxies, certificates,
            logging, the plugin cache and registry tokens. TF_WORKSPACE, TF_CLI_ARGS*, TF_VAR_*, TF_DATA_DIR,
            TF_REATTACH_PROVIDERS and TF_CLI_CONFIG_FILE do not; nor do KUBE_* and HELM_*, which the helm provider would
            take for arguments the root leaves out.
        extra: what hptf sets itself (backend address, CLI config, reattached providers, emulator); always passes, last.
        aws: whether the user's AWS_* variables pass, as they do for a real account. Those that lead elsewhere never do:
            a run that should go to an emulator says so in `extra`.
    """
    chosen = {name: value for name, value in base.items() if _allowed(name, aws)}
    return {**_UNLESS_SET, **chosen, **_ALWAYS, **extra}


def leads_elsewhere(name: str) -> bool:
    """Whether an environment variable of this name would send calls to another place than AWS."""
    return name.startswith("AWS_ENDPOINT_URL") or name in _ENDPOINTS


def _allowed(name: str, aws: bool) -> bool:
    if name.startswith("AWS_"):
        return aws and not leads_elsewhere(name)
    return name in _NAMES or name.upper() in _PROXIES or name.startswith(_PREFIXES)
