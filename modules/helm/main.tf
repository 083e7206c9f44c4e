# Generated from hp_tf/layers/helm/definition.py by `hptf synth`; edit there.

locals {
  # What the inputs say, under the chart's own keys.
  chart_values = {
    global = {
      region = var.region
    }
    "health-monitoring-agent" = {
      region  = var.region
      enabled = var.health_monitoring_agent
    }
    trainingOperators = {
      enabled = var.training_operators
    }
    "mpi-operator" = {
      enabled = var.mpi_operator
    }
    "nvidia-device-plugin" = {
      devicePlugin = {
        enabled = var.nvidia_device_plugin
      }
    }
    "neuron-device-plugin" = {
      devicePlugin = {
        enabled = var.neuron_device_plugin
      }
    }
    "aws-efa-k8s-device-plugin" = {
      devicePlugin = {
        enabled = var.efa_device_plugin
      }
    }
    "gpu-operator" = {
      enabled = var.gpu_operator
    }
    "deep-health-check" = {
      enabled = var.deep_health_check
    }
    "job-auto-restart" = {
      enabled = var.job_auto_restart
    }
    "hyperpod-patching" = {
      enabled = var.hyperpod_patching
    }
    "cert-manager" = {
      enabled = var.cert_manager
    }
    mlflow = {
      enabled = var.mlflow
    }
    inferenceOperators = {
      enabled = var.inference_operator
    }
    "cluster-role-and-bindings" = {
      enabled = var.cluster_role_and_bindings
    }
    "namespaced-role-and-bindings" = {
      enabled = var.namespaced_role_and_bindings
    }
    "team-role-and-bindings" = {
      enabled = var.team_role_and_bindings
    }
  }

  # Inputs that are null leave their key to the chart: Helm would read null as "no such key".
  optional_values = concat(
    var.health_monitoring_agent_image != null ? [yamlencode({
      "health-monitoring-agent" = {
        hmaimage = var.health_monitoring_agent_image
      }
    })] : [],
    var.mlflow_role_arn != null ? [yamlencode({
      mlflow = {
        serviceAccount = {
          roleARN = var.mlflow_role_arn
        }
        mlflow = {
          serviceAccount = {
            roleARN = var.mlflow_role_arn
          }
        }
      }
    })] : [],
    var.team_compute_quota_target_id != null ? [yamlencode({
      "team-role-and-bindings" = {
        computeQuotaTarget = {
          targetId = var.team_compute_quota_target_id
        }
      }
    })] : [],
  )

  regional_file = format("%s/regional-values/values-%s.yaml", var.chart_path, var.region)

  # The chart's own list of the GPU operator's images in the region, where it has one.
  regional_values = var.gpu_operator && fileexists(local.regional_file) ? [file(local.regional_file)] : []
}

# No version: a chart in a folder has its own, and another one here would be an error.
# Without nodes nothing becomes ready, so waiting is off unless it is asked for.
# The provider says where the release goes; cluster_name only makes it wait for the cluster.
resource "helm_release" "this" {
  chart            = var.chart_path
  create_namespace = var.create_namespace
  max_history      = var.max_history
  name             = var.release_name
  namespace        = var.namespace
  take_ownership   = var.take_ownership
  timeout          = var.timeout_seconds
  wait             = var.wait

  values = concat(
    local.regional_values,
    [yamlencode(local.chart_values)],
    local.optional_values,
    var.values,
    var.values_sensitive,
  )

  depends_on = [var.cluster_name]
}
