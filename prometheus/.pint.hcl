# What pint asks of the rules. In this folder: `pint --offline lint --min-severity=warning --fail-on=warning rules`
# Against a running Prometheus: add `prometheus "stack" { uri = "http://localhost:9090" }` and leave --offline out; it then also says which series a rule waits for in vain.
parser {
  schema = "prometheus"
  names  = "legacy"
}

rule {
  match { kind = "alerting" }
  label "severity" {
    severity = "bug"
    required = true
    values   = ["critical", "warning", "info", "none"]
  }
  # By it the routes and the silences choose.
  label "resource" {
    severity = "bug"
    required = true
    value    = "[a-z_]+"
  }
  label "stack" {
    severity = "bug"
    required = true
    value    = "swarmscope"
  }
  # One line, and it says of whom.
  annotation "summary" {
    severity = "bug"
    required = true
    value    = "[^\n]{10,160}"
  }
  annotation "description" {
    severity = "bug"
    required = true
    value    = "[^\n]{20,}"
  }
  annotation "runbook_url" {
    severity = "bug"
    required = true
    value    = ".+/{{ $alert }}\\.md"
  }
  annotation "dashboard" {
    severity = "bug"
    required = true
    value    = ".+/d/swarmscope-[a-z]+.*"
  }
}

# What fires at once fires for a blink: only what happened, counted over a window, may.
rule {
  match { kind = "alerting" }
  ignore { name = "Watchdog|SwarmContextOverflow|SwarmGitLockContention|SwarmMergeConflictsHigh" }
  for {
    severity = "bug"
    min      = "1m"
    max      = "15m"
  }
}

# It must always fire.
rule {
  match { name = "Watchdog" }
  disable = ["alerts/comparison"]
}

rule {
  match { kind = "recording" }
  name ".+:.+:.+" {
    severity = "bug"
  }
  aggregate ".+" {
    severity = "bug"
    keep     = ["service_name"]
  }
}
