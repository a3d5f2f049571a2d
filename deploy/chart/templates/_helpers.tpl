{{/* The first word of all names: the release's, with the chart's where it has another. */}}
{{- define "taskboard.name" -}}
{{- $name := ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) (contains .Chart.Name .Release.Name) -}}
{{- trunc 40 $name | trimSuffix "-" -}}
{{- end -}}

{{/* How a part's pods are found; of (list $ PART). */}}
{{- define "taskboard.selector" -}}
app.kubernetes.io/name: {{ (index . 0).Chart.Name }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* What everything of a part is labelled with; of (list $ PART). */}}
{{- define "taskboard.labels" -}}
{{ include "taskboard.selector" . }}
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
helm.sh/chart: {{ (index . 0).Chart.Name }}-{{ (index . 0).Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* An image's reference; of (list $ IMAGE). */}}
{{- define "taskboard.image" -}}
{{- $image := index . 1 -}}
{{- if regexMatch "(:[^/]+|@.+)$" $image -}}{{ $image }}{{- else -}}{{ $image }}:{{ (index . 0).Chart.AppVersion }}{{- end -}}
{{- end -}}

{{/* What the chart's pods have in common; of (list $ USER), whose number has no name in the cluster. */}}
{{- define "taskboard.pod" -}}
{{- $values := (index . 0).Values -}}
automountServiceAccountToken: false
securityContext:
  runAsNonRoot: true
  runAsUser: {{ index . 1 }}
  runAsGroup: {{ index . 1 }}
  fsGroup: {{ index . 1 }}
  seccompProfile: {type: RuntimeDefault}
{{- with $values.images.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* One of a part on each machine, where there are enough; of (list $ PART). */}}
{{- define "taskboard.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "taskboard.selector" . | nindent 8 }}
{{- end -}}

{{/* What no container needs is taken from it. */}}
{{- define "taskboard.rights" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end -}}

{{/* The annotations of pods that have to start anew when what they read at the start is another. */}}
{{- define "taskboard.podAnnotations" -}}
checksum/settings: {{ include (print .Template.BasePath "/secrets.yaml") . | sha256sum }}
{{- with .Values.podAnnotations }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The address of a store in the chart's own Secret; of (list $ "postgresql" PASSWORD). */}}
{{- define "taskboard.storeUrl" -}}
{{- $root := index . 0 -}}
{{- $store := get $root.Values (index . 1) -}}
{{- if not $store.bundled -}}
{{ $store.url }}
{{- else if eq (index . 1) "postgresql" -}}
postgres://taskboard:{{ index . 2 }}@{{ include "taskboard.name" $root }}-postgresql:5432/taskboard
{{- else -}}
redis://:{{ index . 2 }}@{{ include "taskboard.name" $root }}-redis:6379/0
{{- end -}}
{{- end -}}

{{/* Where the functions may connect to: scheme, host and port alone; of (list $ "postgresql" PORT). */}}
{{- define "taskboard.storeAddress" -}}
{{- $root := index . 0 -}}
{{- $store := get $root.Values (index . 1) -}}
{{- if $store.existingSecret -}}
{{ $store.address }}
{{- else -}}
{{- $url := urlParse (include "taskboard.storeUrl" (list $root (index . 1) "")) -}}
{{- $scheme := ternary "postgres" $url.scheme (eq (index . 1) "postgresql") -}}
{{- $port := regexMatch ":[0-9]+$" $url.host | ternary "" (printf ":%v" (index . 2)) -}}
{{ $scheme }}://{{ $url.host }}{{ $port }}
{{- end -}}
{{- end -}}

{{/* Which key of which Secret has a store's address, as a reference; of (list $ "postgresql" KEY). */}}
{{- define "taskboard.storeReference" -}}
{{- $store := get (index . 0).Values (index . 1) -}}
{{- $own := dict "name" (include "taskboard.name" (index . 0)) "key" (index . 2) -}}
{{- $theirs := dict "name" $store.existingSecret "key" $store.key -}}
{{- ternary $theirs $own (not (empty $store.existingSecret)) | toJson -}}
{{- end -}}

{{/* The variables of spin.toml, as a list of names with values or references. */}}
{{- define "taskboard.variables" -}}
{{- $name := include "taskboard.name" . -}}
{{- $secret := .Values.secrets.existingSecret | default $name -}}
{{- $plain := dict
  "client_address_header" "x-forwarded-for"
  "cors_origins" (printf "https://%s" .Values.site)
  "database_host" (include "taskboard.storeAddress" (list . "postgresql" 5432))
  "public_origin" (printf "https://%s" .Values.site)
  "redis_host" (include "taskboard.storeAddress" (list . "redis" 6379))
  "relay_public_url" (printf "wss://%s" .Values.site)
  "relay_url" (printf "http://%s-relay:3001" $name) -}}
{{- range $variable, $value := mergeOverwrite $plain .Values.variables }}
- name: {{ $variable }}
  value: {{ $value | toString | quote }}
{{- end }}
- name: relay_secret
  valueFrom: {secretKeyRef: {name: {{ $secret }}, key: relay-secret}}
- name: jwt_secret
  valueFrom: {secretKeyRef: {name: {{ $secret }}, key: jwt-secret}}
- name: jwt_secret_previous
  valueFrom: {secretKeyRef: {name: {{ $secret }}, key: jwt-secret-previous, optional: true}}
- name: database_url
  valueFrom: {secretKeyRef: {{ include "taskboard.storeReference" (list . "postgresql" "database-url") }}}
- name: redis_url
  valueFrom: {secretKeyRef: {{ include "taskboard.storeReference" (list . "redis" "redis-url") }}}
{{- range $variable, $reference := .Values.secretVariables }}
- name: {{ $variable }}
  valueFrom: {secretKeyRef: {name: {{ $reference.secret }}, key: {{ $reference.key }}}}
{{- end }}
{{- end -}}

{{/* The environment of a program of ours: the variables, and settings of its own; of (list $ SETTINGS). */}}
{{- define "taskboard.environment" -}}
{{- range fromYamlArray (include "taskboard.variables" (index . 0)) }}
- name: SPIN_VARIABLE_{{ upper .name }}
  {{- omit . "name" | toYaml | nindent 2 }}
{{- end }}
{{- range $name, $value := index . 1 }}
- name: {{ $name }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- if (index . 0).Values.certificateAuthorities.configMap }}
- {name: SSL_CERT_FILE, value: /etc/taskboard/authorities/ca.crt}
{{- end }}
{{- end -}}

{{/* Where the authorities lie, as a container's mount and as a pod's volume. */}}
{{- define "taskboard.authoritiesMount" -}}
{{- if .Values.certificateAuthorities.configMap }}
- {name: authorities, mountPath: /etc/taskboard/authorities, readOnly: true}
{{- end }}
{{- end -}}
{{- define "taskboard.authoritiesVolume" -}}
{{- with .Values.certificateAuthorities }}
{{- if .configMap }}
- name: authorities
  configMap: {name: {{ .configMap }}, items: [{key: {{ .key | quote }}, path: ca.crt}]}
{{- end }}
{{- end }}
{{- end -}}

{{/* The container that brings the database to the newest schema and ends. */}}
{{- define "taskboard.migrate" -}}
- name: migrate
  image: {{ include "taskboard.image" (list . .Values.images.relay) }}
  imagePullPolicy: {{ .Values.images.pullPolicy }}
  command: [migrate]
  env:
    - name: DATABASE_URL
      valueFrom: {secretKeyRef: {{ include "taskboard.storeReference" (list . "postgresql" "database-url") }}}
    {{- if .Values.certificateAuthorities.configMap }}
    - {name: SSL_CERT_FILE, value: /etc/taskboard/authorities/ca.crt}
    {{- end }}
  resources:
    requests: {cpu: 50m, memory: 32Mi}
    limits: {memory: 128Mi}
  {{- include "taskboard.rights" . | nindent 2 }}
  volumeMounts:
    {{- include "taskboard.authoritiesMount" . | nindent 4 }}
{{- end -}}

{{/* The port of a functions' pod. */}}
{{- define "taskboard.functionsPort" -}}
{{- ternary 80 3000 (eq .Values.functions.host "spinkube") -}}
{{- end -}}

{{/* What no schema says: which values go together. */}}
{{- define "taskboard.check" -}}
{{- range $store := list "postgresql" "redis" -}}
{{- $given := get $.Values $store -}}
{{- $ways := compact (list (ternary "bundled" "" $given.bundled) (ternary "" "url" (empty $given.url)) (ternary "" "existingSecret" (empty $given.existingSecret))) -}}
{{- if ne (len $ways) 1 -}}
{{- fail (printf "%s: give one of url, existingSecret (with address) and bundled=true; there is %s" $store (join ", " $ways | default "none")) -}}
{{- end -}}
{{- $forms := dict "postgresql" "postgres://USER:PASSWORD@HOST:PORT/DATABASE" "redis" "redis://:PASSWORD@HOST:PORT/0" -}}
{{- $pattern := ternary "^postgres(ql)?://[^@/]+@[^@/]+/[^/]+$" "^rediss?://([^@/]+@)?[^@/]+(/.*)?$" (eq $store "postgresql") -}}
{{- if and $given.url (not (regexMatch $pattern $given.url)) -}}
{{- fail (printf "%s.url: is not of the form %s (it is not repeated here: it may hold a password)" $store (get $forms $store)) -}}
{{- end -}}
{{- if and $given.existingSecret (not $given.address) -}}
{{- fail (printf "%s.address: is needed beside existingSecret, such as %s" $store (ternary "postgres://db.example:5432" "rediss://cache.example:6379" (eq $store "postgresql"))) -}}
{{- end -}}
{{- end -}}
{{- if eq .Values.functions.host "spinkube" -}}
{{- if not .Values.images.spin -}}
{{- fail "images.spin: is needed where functions.host is spinkube: what `spin registry push` made" -}}
{{- end -}}
{{- if .Values.functions.environment -}}
{{- fail "functions.environment: has settings of local-host; Spin, which functions.host=spinkube takes, has none of them" -}}
{{- end -}}
{{- end -}}
{{- range $name, $_ := .Values.secretVariables -}}
{{- if hasKey $.Values.variables $name -}}
{{- fail (printf "variables.%s: also in secretVariables" $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
