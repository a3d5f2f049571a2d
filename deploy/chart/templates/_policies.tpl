{{/* What network policies are made of. */}}

{{- define "taskboard.pods" -}}
- podSelector:
    matchLabels:
      {{- include "taskboard.selector" . | nindent 6 }}
{{- end }}

{{- define "taskboard.namespace" -}}
- namespaceSelector:
    matchLabels: {kubernetes.io/metadata.name: {{ . }}}
{{- end }}

{{- define "taskboard.policy" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "taskboard.name" (index . 0) }}-{{ index . 1 }}
  labels:
    {{- include "taskboard.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "taskboard.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
{{- end }}

{{- define "taskboard.toPostgresql" -}}
{{- if .Values.postgresql.bundled }}
- to:
    {{- include "taskboard.pods" (list . "postgresql") | nindent 4 }}
  ports:
    - {protocol: TCP, port: 5432}
{{- end }}
{{- end }}

{{- define "taskboard.toRedis" -}}
{{- if .Values.redis.bundled }}
- to:
    {{- include "taskboard.pods" (list . "redis") | nindent 4 }}
  ports:
    - {protocol: TCP, port: 6379}
{{- end }}
{{- end }}

{{- define "taskboard.toOthers" -}}
- to:
    - namespaceSelector:
        matchLabels: {kubernetes.io/metadata.name: {{ .Values.networkPolicies.dnsNamespace }}}
      podSelector:
        matchLabels: {k8s-app: kube-dns}
  ports:
    - {protocol: UDP, port: 53}
    - {protocol: TCP, port: 53}
{{- with .Values.networkPolicies.egress }}
{{ toYaml . }}
{{- end }}
{{- end }}
