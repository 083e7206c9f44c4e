{{/* The parts that are switched on, one name a line. */}}
{{- define "parts" -}}
{{- range $part := list "cert-manager" "trainingOperators" "mlflow" "storage" "health-monitoring-agent" "mpi-operator" "deep-health-check" "job-auto-restart" "hyperpod-patching" "cluster-role-and-bindings" "namespaced-role-and-bindings" "team-role-and-bindings" "inferenceOperators" "gpu-operator" }}
{{- if (index $.Values $part).enabled }}
{{ $part }}
{{- end }}
{{- end }}
{{- range $part := list "nvidia-device-plugin" "aws-efa-k8s-device-plugin" "neuron-device-plugin" }}
{{- if (index $.Values $part).devicePlugin.enabled }}
{{ $part }}
{{- end }}
{{- end }}
{{- end -}}
